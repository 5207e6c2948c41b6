//! Every operation of a set of files.

use crate::{Operation, PRELUDE, document};
use apollo_compiler::{Schema, validation::DiagnosticList};
use std::{
    collections::HashSet,
    fmt,
    path::{Path, PathBuf},
};

/// Why a file was left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file, self.line, self.column, self.message
        )
    }
}

impl Problem {
    pub(crate) fn all_of(list: &DiagnosticList, file: &str) -> Vec<Self> {
        list.iter()
            .map(|diagnostic| {
                let place = diagnostic.line_column_range().map(|range| range.start);
                Self {
                    file: file.to_owned(),
                    line: place.map_or(1, |place| place.line),
                    column: place.map_or(1, |place| place.column),
                    message: diagnostic.to_json().message,
                }
            })
            .collect()
    }
}

/// The operations that are good, in the order of their files, and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Catalogue {
    /// The good ones.
    pub operations: Vec<Operation>,
    /// What is wrong, by file and line.
    pub problems: Vec<Problem>,
}

impl Catalogue {
    /// Reads every `(path, text)` against the API schema. A bad file is a [`Problem`] and only it
    /// is left out; a bad schema leaves out all.
    pub fn load<P: AsRef<str>, T: AsRef<str>>(sources: &[(P, T)], api_sdl: &str) -> Self {
        let schema = Schema::builder()
            .parse(api_sdl, "api.graphql")
            .parse(PRELUDE, "prelude.graphql")
            .build();
        let schema = match schema.and_then(Schema::validate) {
            Ok(schema) => schema,
            Err(error) => {
                return Self {
                    operations: Vec::new(),
                    problems: Problem::all_of(&error.errors, "api.graphql"),
                };
            }
        };
        let mut catalogue = Self::default();
        let mut sources: Vec<(&str, &str)> = sources
            .iter()
            .map(|(path, text)| (path.as_ref(), text.as_ref()))
            .collect();
        sources.sort_unstable();
        for (path, text) in sources {
            match document::read(path, text, &schema) {
                Ok(operation) => catalogue.add(operation),
                Err(problems) => catalogue.problems.extend(problems),
            }
        }
        catalogue
    }

    /// The operation of that name.
    pub fn get(&self, name: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|operation| operation.name == name)
    }

    /// The operation a client names by the SHA-256 of its document.
    pub fn by_id(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The operation a trusted GET names: its file's name within `folder`.
    pub fn by_slug(&self, folder: &str, slug: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .find(|operation| operation.folder == folder && operation.slug == slug)
    }

    /// The operations of `folder` that are nothing to an MCP client: they have no directive, and no
    /// resource is watched by them.
    pub fn idle<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Operation> {
        let watches = move |operation: &Operation| {
            let mut resources = self.operations.iter();
            resources.any(|one| {
                let resource = one.resource.as_ref();
                let watch = resource.and_then(|resource| resource.watch.as_ref());
                watch == Some(&operation.name)
            })
        };
        let inside = move |operation: &&Operation| operation.folder == folder;
        let operations = self.operations.iter().filter(inside);
        operations.filter(move |operation| operation.is_bare() && !watches(operation))
    }

    /// Keeps the last good operations of files that have become bad, or whose folder has.
    #[must_use]
    pub fn keeping(mut self, before: &Self) -> Self {
        let bad: HashSet<PathBuf> = self
            .problems
            .iter()
            .map(|problem| problem.file.clone().into())
            .collect();
        for operation in &before.operations {
            let mut places = Path::new(&operation.file).ancestors();
            if places.any(|place| bad.contains(place)) && self.clash(operation).is_none() {
                self.operations.push(operation.clone());
            }
        }
        self.operations.sort_by(|a, b| a.file.cmp(&b.file));
        self
    }

    /// With each query and mutation that has no directive of ours as a tool by its own name.
    #[must_use]
    pub fn with_bare_tools(mut self) -> Self {
        for operation in &mut self.operations {
            operation.bare_tool();
        }
        self
    }

    fn add(&mut self, operation: Operation) {
        if let Some(message) = self.clash(&operation) {
            let (file, line) = (operation.file, operation.line);
            self.problems.push(Problem {
                file,
                line,
                column: 1,
                message,
            });
        } else {
            self.operations.push(operation);
        }
    }

    /// What of the newcomer's names and routes is taken.
    fn clash(&self, new: &Operation) -> Option<String> {
        self.operations.iter().find_map(|old| {
            let route = new
                .routes
                .iter()
                .find(|route| old.routes.iter().any(|known| known.meets(route)));
            if let Some(route) = route {
                return Some(format!(
                    "the route `{} {}` is taken by {}:{}",
                    route.method, route.path, old.file, old.line
                ));
            }
            let taken = |what: &str, name: &str| {
                Some(format!(
                    "{what} `{name}` is taken by {}:{}",
                    old.file, old.line
                ))
            };
            let name = |operation: &Operation| -> [Option<String>; 4] {
                [
                    Some(operation.name.clone()),
                    operation.tool.as_ref().map(|tool| tool.name.clone()),
                    operation
                        .resource
                        .as_ref()
                        .map(|resource| resource.name.clone()),
                    operation.prompt.as_ref().map(|prompt| prompt.name.clone()),
                ]
            };
            let kinds = [
                "the operation name",
                "the tool name",
                "the resource name",
                "the prompt name",
            ];
            name(old)
                .into_iter()
                .zip(name(new))
                .zip(kinds)
                .find_map(|((old, new), what)| {
                    (old == new)
                        .then(|| new.and_then(|new| taken(what, &new)))
                        .flatten()
                })
        })
    }
}
