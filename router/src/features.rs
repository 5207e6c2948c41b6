//! The features that a supergraph is composed with: its `@link`s.
//!
//! By the link specification, one that is linked `for: SECURITY` or `for: EXECUTION` has to be
//! understood before the graph may be served.

use crate::composed::at;
use graphql_tools::static_graphql::schema::{Definition, Directive, Document, Value};

/// Whose features are known here by their name.
const SPECS: &str = "https://specs.apollo.dev/";
/// What makes a file a supergraph: no other version is served.
const FORM: [(&str, &[&str]); 2] = [
    ("link", &["v1.0"]),
    ("join", &["v0.1", "v0.2", "v0.3", "v0.4", "v0.5"]),
];
/// What the router does itself.
const KEPT: [(&str, &[&str]); 1] = [("inaccessible", &["v0.1", "v0.2"])];
/// Who may see what. The router knows nobody, so this is for the subgraphs to enforce.
const ACCESS: [(&str, &[&str]); 3] = [
    ("authenticated", &["v0.1"]),
    ("requiresScopes", &["v0.1"]),
    ("policy", &["v0.1"]),
];

/// Rules of access that a supergraph has, and that the router leaves to the subgraphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRules {
    /// The directive, without `@`.
    pub directive: String,
    /// The line of the SDL that links it, from 1.
    pub line: usize,
}

/// The rules of access among the features; or the first feature that the router may not serve
/// without, and cannot serve with.
pub fn read(document: &Document) -> Result<Vec<AccessRules>, String> {
    let mut rules = Vec::new();
    for definition in &document.definitions {
        let Definition::SchemaDefinition(schema) = definition else {
            continue;
        };
        let link = name_of_link(&schema.directives);
        for directive in &schema.directives {
            let Some(url) = text(directive, "url").filter(|_| directive.name == link) else {
                continue;
            };
            if is(&ACCESS, url) {
                rules.push(AccessRules {
                    directive: name_of(url).0.to_owned(),
                    line: directive.position.line,
                });
            } else if is_form(url) {
                if !is(&FORM, url) {
                    let what = format!("{url} is of a version that this router does not know");
                    return Err(at(directive.position, &what));
                }
            } else if let Some(purpose) = purpose(directive)
                && !is(&KEPT, url)
            {
                let what = format!(
                    "{url} is linked for: {purpose}, and this router does not know it, so it must \
                     not serve this graph; compose without that feature"
                );
                return Err(at(directive.position, &what));
            }
        }
    }
    Ok(rules)
}

/// `@link` itself may be linked under another name.
fn name_of_link(directives: &[Directive]) -> &str {
    directives
        .iter()
        .find(|directive| text(directive, "url").is_some_and(|url| name_of(url).0 == "link"))
        .map_or("link", |directive| directive.name.as_str())
}

fn is(known: &[(&str, &[&str])], url: &str) -> bool {
    let (name, version) = name_of(url);
    known
        .iter()
        .any(|(feature, versions)| *feature == name && versions.contains(&version))
}

fn is_form(url: &str) -> bool {
    let (name, _) = name_of(url);
    FORM.iter().any(|(feature, _)| *feature == name)
}

/// The name and version of a feature that is known by its name; nothing of anybody else's.
fn name_of(url: &str) -> (&str, &str) {
    url.strip_prefix(SPECS)
        .and_then(|path| path.trim_end_matches('/').split_once('/'))
        .unwrap_or_default()
}

/// What it is linked for, if it must be understood.
fn purpose(directive: &Directive) -> Option<String> {
    match argument(directive, "for")? {
        Value::Null => None,
        purpose => Some(purpose.to_string()),
    }
}

fn text<'d>(directive: &'d Directive, name: &str) -> Option<&'d str> {
    match argument(directive, name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn argument<'d>(directive: &'d Directive, name: &str) -> Option<&'d Value> {
    let mut arguments = directive.arguments.iter();
    arguments.find_map(|(known, value)| (known == name).then_some(value))
}
