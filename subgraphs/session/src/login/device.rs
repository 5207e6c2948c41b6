//! How a device is called in the list of logins.

const MAX: usize = 80;
const UNNAMED: &str = "a device";

/// What the client says it is, cut and cleaned: it is only ever shown to its owner, so it is
/// mended rather than refused.
pub fn name(said: Option<&str>) -> String {
    let clean: String = said
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX)
        .collect();
    let clean = clean.trim();
    if clean.is_empty() {
        UNNAMED.to_owned()
    } else {
        clean.to_owned()
    }
}
