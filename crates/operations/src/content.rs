//! `@mcpContent`: fields that are handed on as content of their own (an image, a document, a link)
//! and not as data.

use crate::{
    Base, Path,
    directive::Arguments,
    document::{File, Refusal},
    template::{self, ONE, shown},
};
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use serde_json::Value;

/// What a field's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentKind {
    /// Text that stands by itself.
    Text,
    /// Base64 of an image.
    Image,
    /// Base64 of a sound.
    Audio,
    /// The text of a document with an address.
    Resource,
    /// Base64 of a document with an address.
    Blob,
    /// The address of a document. It stays in the data, too.
    Link,
}

impl ContentKind {
    fn parse(text: &str) -> Self {
        match text {
            "IMAGE" => Self::Image,
            "AUDIO" => Self::Audio,
            "RESOURCE" => Self::Resource,
            "BLOB" => Self::Blob,
            "LINK" => Self::Link,
            _ => Self::Text,
        }
    }
}

/// One such field, as its directive says. The texts may have places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Where it is.
    pub path: Path,
    /// What it is.
    pub kind: ContentKind,
    mime_type: Option<String>,
    uri: Option<String>,
    name: Option<String>,
}

/// One value of such a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: ContentKind,
    /// The text, the base64, or the address.
    pub data: String,
    /// The media type.
    pub mime_type: Option<String>,
    /// The address of a document.
    pub uri: Option<String>,
    /// What a link is called.
    pub name: Option<String>,
}

/// What `@mcpContent` of a field says.
pub(crate) fn said(field: &Field) -> Option<ContentKind> {
    let node = field.directives.get("mcpContent")?;
    Some(ContentKind::parse(&Arguments(node).word("as")?))
}

/// Whether a field's value leaves the data.
pub(crate) fn leaves(field: &Field) -> bool {
    said(field).is_some_and(|kind| kind != ContentKind::Link)
}

impl Content {
    /// Takes the values out of `data`, in order. Places are filled from the fields beside, then
    /// from `arguments`. A link that is a path leads to `base`, where that is known.
    pub(crate) fn take(
        &self,
        data: &mut Value,
        arguments: &Value,
        base: Option<&Base>,
    ) -> Vec<Piece> {
        let mut found = Vec::new();
        let Some((last, way)) = self.path.steps().split_last() else {
            return found;
        };
        let mut holders = vec![data];
        for step in way {
            let next = holders
                .into_iter()
                .filter_map(|value| value.get_mut(&step.key));
            holders = if step.each {
                next.filter_map(Value::as_array_mut).flatten().collect()
            } else {
                next.collect()
            };
        }
        for holder in holders {
            let text = |said: &Option<String>| {
                let said = said.as_deref()?;
                Some(template::fill(said, ONE, &[holder, arguments]))
                    .filter(|text| !text.is_empty())
            };
            let (mime_type, uri, name) = (text(&self.mime_type), text(&self.uri), text(&self.name));
            let value = match holder.as_object_mut() {
                Some(fields) if self.kind != ContentKind::Link => fields.remove(&last.key),
                Some(fields) => fields.get_mut(&last.key).map(|link| {
                    lead(link, base);
                    link.clone()
                }),
                None => None,
            };
            let values = match value {
                Some(Value::Array(values)) => values,
                Some(value) => vec![value],
                None => continue,
            };
            found.extend(
                values
                    .iter()
                    .filter(|value| !value.is_null())
                    .map(|value| Piece {
                        kind: self.kind,
                        data: shown(value),
                        mime_type: mime_type.clone(),
                        uri: uri.clone(),
                        name: name.clone(),
                    }),
            );
        }
        found
    }
}

/// Makes addresses of paths: whoever is handed one may not know where it is one.
fn lead(link: &mut Value, base: Option<&Base>) {
    match link {
        Value::Array(links) => links.iter_mut().for_each(|link| lead(link, base)),
        Value::String(path) if path.starts_with('/') && !path.starts_with("//") => {
            if let Some(Base(base)) = base {
                path.insert_str(0, base);
            }
        }
        _ => {}
    }
}

impl File<'_> {
    /// Every such field of a selection, in the order of the document.
    pub(crate) fn contents(&self, set: &SelectionSet) -> Result<Vec<Content>, Refusal> {
        let mut found = Vec::new();
        self.collect_contents(set, &Path::default(), &mut found)?;
        Ok(found)
    }

    fn collect_contents(
        &self,
        set: &SelectionSet,
        way: &Path,
        found: &mut Vec<Content>,
    ) -> Result<(), Refusal> {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let leaf = field.selection_set.selections.is_empty();
                    let each = field.ty().is_list() && !leaf;
                    let path = way.clone().step(field.response_key().as_str(), each);
                    if let Some(kind) = said(field) {
                        found.push(self.content(field, kind, path.clone(), leaf)?);
                    }
                    self.collect_contents(&field.selection_set, &path, found)?;
                }
                Selection::InlineFragment(fragment) => {
                    self.collect_contents(&fragment.selection_set, way, found)?;
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = spread.fragment_def(self.document) {
                        self.collect_contents(&fragment.selection_set, way, found)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn content(
        &self,
        field: &Field,
        kind: ContentKind,
        path: Path,
        leaf: bool,
    ) -> Result<Content, Refusal> {
        let node = field.directives.get("mcpContent");
        let text = |name: &str| node.and_then(|node| Arguments(node).text(name));
        let content = Content {
            path,
            kind,
            mime_type: text("mimeType"),
            uri: text("uri"),
            name: text("name"),
        };
        let seen_or_heard = matches!(kind, ContentKind::Image | ContentKind::Audio);
        let wrong = if !leaf {
            "`@mcpContent` belongs to a field that has no fields of its own"
        } else if seen_or_heard && content.mime_type.is_none() {
            "an image or a sound needs a `mimeType`"
        } else {
            return Ok(content);
        };
        let place = node.and_then(|node| self.place_of(node));
        Err((place, wrong.to_owned()))
    }
}
