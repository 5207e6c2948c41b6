//! A supergraph file, read and found good.

use crate::{
    composed::{self, at},
    cost::Weights,
    features::{self, AccessRules},
    plan::Planner,
    schema::Schema,
};
use graphql_tools::static_graphql::{
    query::Value,
    schema::{Definition, Document, TypeDefinition},
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The supergraph cannot be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum InvalidSupergraph {
    /// It is not GraphQL.
    #[error("it is not GraphQL: {0}")]
    Unreadable(String),
    /// It is GraphQL, but no supergraph.
    #[error("it is no supergraph of Federation 2: {0}")]
    Unplannable(String),
    /// It is composed with a feature that we may not serve it without.
    #[error("{0}")]
    Feature(String),
    /// It is a supergraph that names what is not there, or has something twice.
    #[error("it does not hold together: {0}")]
    Broken(String),
    /// It names a subgraph that nobody gave us.
    #[error("it names the subgraph {0:?}, which is neither here nor has a URL")]
    MissingSubgraph(String),
}

/// A supergraph that can be planned on, and the subgraphs it is composed of.
pub struct Supergraph {
    pub(crate) planner: Planner,
    pub(crate) schema: Schema,
    pub(crate) weights: Weights,
    subgraphs: Vec<Listed>,
    access_rules: Vec<AccessRules>,
}

/// A subgraph as the supergraph lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its URL; may be empty, when nobody knew it at composition.
    pub url: String,
    /// The line of the SDL that says so, from 1.
    pub line: usize,
}

impl Supergraph {
    /// Reads the composed SDL. Takes a moment for a big one; call it where blocking is allowed.
    pub fn read(sdl: &str) -> Result<Self, InvalidSupergraph> {
        let document = graphql_tools::parser::parse_schema::<String>(sdl)
            .map_err(|error| InvalidSupergraph::Unreadable(explain(&error.to_string())))?
            .into_static();
        let subgraphs = listed(&document).map_err(InvalidSupergraph::Unplannable)?;
        let access_rules = features::read(&document).map_err(InvalidSupergraph::Feature)?;
        composed::check(&document).map_err(InvalidSupergraph::Broken)?;
        // The planner was made for files its own composer wrote; on others it may panic.
        let (planner, schema) = catch_unwind(AssertUnwindSafe(|| {
            let planner = Planner::new(&document)?;
            let schema = Schema::new(planner.public_schema(), planner.types());
            Ok((planner, schema))
        }))
        .unwrap_or_else(|_| Err("it breaks the planner".to_owned()))
        .map_err(InvalidSupergraph::Unplannable)?;
        Ok(Self {
            planner,
            schema,
            weights: Weights::read(&document),
            subgraphs,
            access_rules,
        })
    }

    /// Puts overrides with these labels of their own (not `percent(…)`) in force; none is
    /// otherwise. The first label that the supergraph does not have is returned instead.
    pub fn activate(&mut self, labels: impl IntoIterator<Item = String>) -> Result<(), String> {
        self.planner.activate(labels)
    }

    /// Every subgraph, in the order of the file.
    pub fn subgraphs(&self) -> &[Listed] {
        &self.subgraphs
    }

    /// The rules of access it has. Nothing here enforces them.
    pub fn access_rules(&self) -> &[AccessRules] {
        &self.access_rules
    }
}

/// `schema parse error: Parse error at 3:5⏎Unexpected …⏎Expected …`, as a person says it.
fn explain(report: &str) -> String {
    let mut lines = report.lines();
    let place = lines
        .next()
        .and_then(|line| line.rsplit_once(" at "))
        .and_then(|(_, place)| place.trim().split_once(':'));
    let what = lines.next().unwrap_or(report);
    match place {
        Some((line, column)) => format!("line {line}, column {column}: {what}"),
        None => what.to_owned(),
    }
}

/// The subgraphs; or what is wrong where, before the planner is given what it was not made for.
fn listed(document: &Document) -> Result<Vec<Listed>, String> {
    let graphs = document
        .definitions
        .iter()
        .find_map(|definition| match definition {
            Definition::TypeDefinition(TypeDefinition::Enum(found))
                if found.name == "join__Graph" =>
            {
                Some(found)
            }
            _ => None,
        });
    let Some(graphs) = graphs else {
        return Err(
            "it has no enum join__Graph; give the composed file, not a subgraph's schema"
                .to_owned(),
        );
    };
    if graphs.values.is_empty() {
        return Err(at(graphs.position, "join__Graph names no subgraph"));
    }
    let mut all: Vec<Listed> = Vec::new();
    for graph in &graphs.values {
        let argument = |wanted: &str| {
            let directive = graph
                .directives
                .iter()
                .find(|directive| directive.name == "join__graph")?;
            directive
                .arguments
                .iter()
                .find_map(|(name, value)| match value {
                    Value::String(text) if name == wanted => Some(text.as_str()),
                    _ => None,
                })
        };
        let (Some(name), Some(url)) = (argument("name"), argument("url")) else {
            let what = format!("{} has no @join__graph(name: …, url: …)", graph.name);
            return Err(at(graph.position, &what));
        };
        if all.iter().any(|known| known.name == name) {
            return Err(at(
                graph.position,
                &format!("there are two subgraphs named {name:?}"),
            ));
        }
        all.push(Listed {
            name: name.to_owned(),
            url: url.to_owned(),
            line: graph.position.line,
        });
    }
    let root = document
        .query_type_name()
        .map_or("Query", String::as_str)
        .to_owned();
    let has_root = document.definitions.iter().any(|definition| {
        matches!(definition, Definition::TypeDefinition(TypeDefinition::Object(object)) if object.name == root)
    });
    if has_root {
        Ok(all)
    } else {
        Err(format!("it has no type {root} to ask"))
    }
}
