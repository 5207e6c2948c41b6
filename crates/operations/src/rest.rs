//! What an operation is to REST: its `@rest` directives, read and checked against its selection.

use crate::{
    Path, Variable,
    directive::Arguments,
    document::{File, Refusal},
};
use apollo_compiler::{
    Node,
    ast::Value as Literal,
    executable::{self, Directive, OperationType},
};
use serde_json::Value;
use std::fmt;

/// The method of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Makes, or does.
    Post,
    /// Puts in place.
    Put,
    /// Changes what is sent and nothing else.
    Patch,
    /// Removes.
    Delete,
}

impl Method {
    /// As it stands in a request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete]
            .into_iter()
            .find(|method| method.as_str() == text)
    }

    /// Whether its variables come in a body.
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Put | Self::Patch)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One part of a route's path, between two slashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Stands as it is.
    Fixed(String),
    /// `{name}`: any text, which the variable of that name gets.
    Variable(String),
}

/// Where the thing made can be read: text with paths into the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location(Vec<(String, Option<Path>)>);

impl Location {
    /// Filled in; nothing when a value is missing.
    pub fn of(&self, data: &Value) -> Option<String> {
        let mut text = String::new();
        for (fixed, path) in &self.0 {
            text.push_str(fixed);
            match path.as_ref().map(|path| path.get(data)) {
                None => {}
                Some(Some(Value::String(value))) => text.push_str(value),
                Some(Some(Value::Number(value))) => text.push_str(&value.to_string()),
                Some(_) => return None,
            }
        }
        Some(text)
    }
}

/// `@rest`: one endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path as it is written, for instance `/api/games/{id}`.
    pub path: String,
    /// The same in parts.
    pub segments: Vec<Segment>,
    /// The status of success.
    pub status: u16,
    /// Refusals that are the answer.
    pub problems: Option<Path>,
    /// Where the thing made is.
    pub location: Option<Location>,
    /// What it is grouped under.
    pub tag: String,
    /// Whether those may ask who have not signed in.
    pub open: bool,
}

impl Route {
    /// The variables in the path.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Variable(name) => Some(name.as_str()),
            Segment::Fixed(_) => None,
        })
    }

    /// Whether a request could be meant for either.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.method == other.method
            && self.segments.len() == other.segments.len()
            && self
                .segments
                .iter()
                .zip(&other.segments)
                .all(|pair| match pair {
                    (Segment::Fixed(one), Segment::Fixed(two)) => one == two,
                    (Segment::Variable(_), Segment::Variable(_)) => true,
                    // What is fixed comes before what is not.
                    _ => false,
                })
    }
}

impl File<'_> {
    pub(crate) fn routes(
        &self,
        operation: &Node<executable::Operation>,
        file: &str,
        variables: &[Variable],
    ) -> Result<Vec<Route>, Refusal> {
        let mut routes: Vec<Route> = Vec::new();
        for node in operation.directives.get_all("rest") {
            let route = self
                .route(operation, node, file, variables)
                .map_err(|message| (self.place_of(node), message))?;
            if routes.iter().any(|known| known.meets(&route)) {
                let message = format!("`{} {}` is here twice", route.method, route.path);
                return Err((self.place_of(node), message));
            }
            routes.push(route);
        }
        Ok(routes)
    }

    fn route(
        &self,
        operation: &Node<executable::Operation>,
        node: &Node<Directive>,
        file: &str,
        variables: &[Variable],
    ) -> Result<Route, String> {
        let said = Arguments(node);
        let method = node
            .specified_argument_by_name("method")
            .and_then(|value| match &**value {
                Literal::Enum(name) => Method::parse(name),
                _ => None,
            })
            .ok_or("`method` must be GET, POST, PUT, PATCH or DELETE")?;
        if method == Method::Get && operation.operation_type != OperationType::Query {
            return Err("a GET only reads: this is no query".to_owned());
        }
        let path = said.text("path").unwrap_or_default();
        let segments = segments(&path)?;
        for segment in &segments {
            let Segment::Variable(name) = segment else {
                continue;
            };
            let known = variables.iter().find(|variable| variable.name == *name);
            let known = known.ok_or_else(|| format!("`{path}`: there is no variable `${name}`"))?;
            if !matches!(known.schema["type"].as_str(), Some("string" | "integer")) {
                return Err(format!(
                    "`{path}`: `${name}` is neither text nor a whole number"
                ));
            }
        }
        let status = said.number("status").unwrap_or(200);
        let status = u16::try_from(status)
            .ok()
            .filter(|status| (200..300).contains(status))
            .ok_or_else(|| format!("`status`: {status} is none of success, 200 to 299"))?;
        let location = match said.text("location") {
            Some(text) => Some(self.location(operation, &text)?),
            None => None,
        };
        let word = file.split(['-', '_', '.']).next().unwrap_or_default();
        Ok(Route {
            method,
            segments,
            status,
            problems: self.problems(operation, said.path("problems"))?,
            location,
            tag: said.text("tag").unwrap_or_else(|| word.to_owned()),
            open: said.yes("open", false),
            path,
        })
    }

    fn location(
        &self,
        operation: &Node<executable::Operation>,
        text: &str,
    ) -> Result<Location, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((fixed, after)) = rest.split_once('{') {
            let (path, after) = after
                .split_once('}')
                .ok_or_else(|| format!("`location`: `{text}` has a brace that does not end"))?;
            let path = Path::parse(path);
            self.check(operation, &path)?;
            parts.push((fixed.to_owned(), Some(path)));
            rest = after;
        }
        parts.push((rest.to_owned(), None));
        Ok(Location(parts))
    }
}

fn segments(path: &str) -> Result<Vec<Segment>, String> {
    let wrong = || {
        format!(
            "`{path}` is no path: `/`, then parts of letters, digits, `-`, `_`, `.`, or `{{variable}}`, with `/` between them"
        )
    };
    let plain = |text: &str| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        !text.is_empty() && !text.starts_with('.') && text.bytes().all(fits)
    };
    let mut segments: Vec<Segment> = Vec::new();
    for part in path.strip_prefix('/').ok_or_else(wrong)?.split('/') {
        let variable = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        let segment = match variable {
            Some(name) => Segment::Variable(name.to_owned()),
            None => Segment::Fixed(part.to_owned()),
        };
        if !plain(variable.unwrap_or(part)) || (variable.is_some() && segments.contains(&segment)) {
            return Err(wrong());
        }
        segments.push(segment);
    }
    Ok(segments)
}
