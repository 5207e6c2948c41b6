//! The SDL of a subgraph, as composers read it.

use async_graphql::SDLExportOptions;

/// Directives of the federation specification that the engine's fixed `@link` does not import, and
/// the version of the specification that brought them.
const LATER: [(&str, &str); 3] = [
    ("@authenticated", "v2.5"),
    ("@cost", "v2.9"),
    ("@listSize", "v2.9"),
];
/// The version that the engine links to.
const LINKED: &str = "federation/v2.5\"";
/// The last import of the engine's list.
const LAST_IMPORT: &str = "\"@requiresScopes\"]";

/// Writes the SDL with `write`, and imports what it uses.
pub fn export(write: impl FnOnce(SDLExportOptions) -> String) -> String {
    let options = SDLExportOptions::new()
        .federation()
        .sorted_fields()
        .sorted_enum_items();
    import(&write(options))
}

fn import(sdl: &str) -> String {
    let used: Vec<_> = LATER
        .into_iter()
        .filter(|(directive, _)| is_used(sdl, directive))
        .collect();
    let Some(version) = used.iter().map(|(_, version)| *version).max() else {
        return sdl.to_owned();
    };
    let names: Vec<_> = used.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let imports = format!("\"@requiresScopes\", {}]", names.join(", "));
    sdl.replacen(LINKED, &format!("federation/{version}\""), 1)
        .replacen(LAST_IMPORT, &imports, 1)
}

/// Whether a directive stands anywhere but in a description, where it would be in backquotes.
fn is_used(sdl: &str, directive: &str) -> bool {
    let used = format!(" {directive}");
    sdl.match_indices(&used).any(|(at, _)| {
        let next = sdl[at + used.len()..].chars().next();
        !next.is_some_and(|next| next.is_alphanumeric() || next == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "extend schema @link(\n\turl: \"https://specs.apollo.dev/federation/v2.5\",\n\timport: [\"@key\", \"@requiresScopes\"]\n)\n";

    #[test]
    fn what_is_used_is_imported_from_the_version_that_has_it() {
        let sdl = import(&format!(
            "type Query {{\n\tme: Int @authenticated\n}}\n{LINK}"
        ));
        assert!(sdl.contains("\"@requiresScopes\", \"@authenticated\"]") && sdl.contains("v2.5\""));
        let sdl = import(&format!(
            "type Query {{\n\tme: Int @authenticated @cost(weight: 3)\n}}\n{LINK}"
        ));
        assert!(sdl.contains("\"@authenticated\", \"@cost\"]") && sdl.contains("v2.9\""));
    }

    #[test]
    fn what_is_not_used_is_not_imported() {
        let sdl = format!("type Query {{\n\tme: Int @costly\n}}\n{LINK}");
        assert_eq!(import(&sdl), sdl);
    }
}
