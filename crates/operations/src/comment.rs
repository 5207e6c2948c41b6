//! Comments directly above a definition: the description when no directive gives one.

/// The `#` lines that end right above `offset`, joined. Empty when something else stands on the
/// definition's own line, or above it.
pub(crate) fn above(text: &str, offset: usize) -> String {
    let Some(before) = text.get(..offset) else {
        return String::new();
    };
    let (head, indent) = before.rsplit_once('\n').unwrap_or(("", before));
    if !indent.trim().is_empty() {
        return String::new();
    }
    let mut lines: Vec<&str> = head
        .rsplit('\n')
        .map_while(|line| line.trim().strip_prefix('#'))
        .map(|line| line.trim_start_matches('#').trim())
        .collect();
    lines.reverse();
    lines.join(" ").trim().to_owned()
}
