//! From a document to what can be run: tokens, parse, limits, validation, plan. Done once per
//! document and operation name.

use crate::{
    error::{at, coded},
    introspect,
    limits::Limits,
    plan::{Planner, Unplannable},
    schema::Schema,
    shape::{self, Item, Shape},
    steps::Plan,
    validate::Validator,
    variables::Declared,
};
use async_graphql::ServerError;
use djinn_kernel::Code;
use graphql_tools::static_graphql::query::{
    Definition, Document, Field, OperationDefinition, Selection, SelectionSet,
};

/// Whether it reads, writes or listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reads.
    Query,
    /// Writes.
    Mutation,
    /// Listens.
    Subscription,
}

impl Kind {
    /// For metrics and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// A document that is ready to run.
#[derive(Debug)]
pub struct Prepared {
    /// What kind of operation it is.
    pub kind: Kind,
    /// The root type's name.
    pub root: String,
    /// Its variables.
    pub variables: Vec<Declared>,
    /// What to show.
    pub shape: Shape,
    /// How to get it.
    pub plan: Plan,
    /// Whether it asks for the schema.
    pub introspects: bool,
}

/// Everything preparation stands on.
pub struct Workshop {
    /// Plans.
    pub planner: Planner,
    /// The public schema.
    pub schema: Schema,
    /// The rules of GraphQL.
    pub validator: Validator,
    /// What is too much.
    pub limits: Limits,
}

impl Workshop {
    /// Prepares one operation of a document, or says what is wrong with it.
    pub fn prepare(
        &self,
        text: &str,
        operation: Option<&str>,
    ) -> Result<Prepared, Vec<ServerError>> {
        self.limits.check_text(text)?;
        let document = graphql_tools::parser::parse_query::<String>(text)
            .map_err(|error| vec![unparsable(&error.to_string())])?
            .into_static();
        self.limits.check(&document)?;
        let chosen = choose(&document, operation)?;
        self.validator.check(&self.schema, &document)?;

        let (kind, root) = self.root(chosen)?;
        let shape = shape::of_operation(&self.schema, &document, &root, chosen.selection_set())?;
        let introspects = asks_for(&shape, |name| {
            name.starts_with("__") && name != "__typename"
        });
        introspect::check(&shape)?;
        let variables = chosen
            .variable_definitions()
            .iter()
            .map(Declared::new)
            .collect();
        let plan = if asks_for(&shape, |name| !name.starts_with("__")) {
            let document = if introspects {
                without_introspection(document.clone())
            } else {
                document.clone()
            };
            self.planner
                .plan(&document, operation)
                .map_err(|error| vec![unplannable(&error)])?
        } else {
            Plan {
                source: None,
                step: None,
            }
        };
        Ok(Prepared {
            kind,
            root,
            variables,
            shape,
            plan,
            introspects,
        })
    }

    fn root(&self, operation: &OperationDefinition) -> Result<(Kind, String), Vec<ServerError>> {
        let (kind, root) = match operation {
            OperationDefinition::SelectionSet(_) | OperationDefinition::Query(_) => {
                (Kind::Query, Some(self.schema.query_type()))
            }
            OperationDefinition::Mutation(_) => (Kind::Mutation, self.schema.mutation_type()),
            OperationDefinition::Subscription(_) => {
                (Kind::Subscription, self.schema.subscription_type())
            }
        };
        match root {
            Some(root) => Ok((kind, root.to_owned())),
            None => Err(vec![coded(
                Code::GraphqlValidationFailed,
                format!("This graph has no {}s.", kind.as_str()),
            )]),
        }
    }
}

fn choose<'d>(
    document: &'d Document,
    name: Option<&str>,
) -> Result<&'d OperationDefinition, Vec<ServerError>> {
    let mut operations = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::Operation(operation) => Some(operation),
            Definition::Fragment(_) => None,
        });
    let chosen = match name {
        Some(name) => operations.find(|operation| name_of(operation) == Some(name)),
        None => match (operations.next(), operations.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        },
    };
    chosen.ok_or_else(|| {
        let message = match name {
            Some(_) => "The document has no operation of the name given.",
            None => "The document has none or several operations; name the one to run.",
        };
        vec![coded(Code::OperationNotFound, message)]
    })
}

fn name_of(operation: &OperationDefinition) -> Option<&str> {
    match operation {
        OperationDefinition::SelectionSet(_) => None,
        OperationDefinition::Query(query) => query.name.as_deref(),
        OperationDefinition::Mutation(mutation) => mutation.name.as_deref(),
        OperationDefinition::Subscription(subscription) => subscription.name.as_deref(),
    }
}

fn asks_for(shape: &Shape, wanted: impl Fn(&str) -> bool + Copy) -> bool {
    shape.items.iter().any(|item| match item {
        Item::Field(field) => wanted(&field.name),
        Item::Part { shape, .. } => asks_for(shape, wanted),
    })
}

/// The planner knows no introspection. Its fields stand at the root only, so each gives way to a
/// `__typename` that the shape does not show.
fn without_introspection(mut document: Document) -> Document {
    fn clear(set: &mut SelectionSet) {
        for selection in &mut set.items {
            match selection {
                Selection::Field(field) if field.name == "__schema" || field.name == "__type" => {
                    *field = Field {
                        position: field.position,
                        alias: None,
                        name: "__typename".to_owned(),
                        arguments: Vec::new(),
                        directives: Vec::new(),
                        selection_set: SelectionSet {
                            span: field.selection_set.span,
                            items: Vec::new(),
                        },
                    };
                }
                Selection::Field(field) => clear(&mut field.selection_set),
                Selection::InlineFragment(inline) => clear(&mut inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    for definition in &mut document.definitions {
        match definition {
            Definition::Operation(operation) => clear(match operation {
                OperationDefinition::SelectionSet(set) => set,
                OperationDefinition::Query(query) => &mut query.selection_set,
                OperationDefinition::Mutation(mutation) => &mut mutation.selection_set,
                OperationDefinition::Subscription(subscription) => &mut subscription.selection_set,
            }),
            Definition::Fragment(fragment) => clear(&mut fragment.selection_set),
        }
    }
    document
}

/// The parser's report begins with the place; what it expected there is of use to nobody but its
/// authors.
fn unparsable(report: &str) -> ServerError {
    let place = report
        .lines()
        .next()
        .and_then(|line| line.rsplit_once(" at "))
        .and_then(|(_, place)| place.split_once(':'))
        .and_then(|(line, column)| Some((line.trim().parse().ok()?, column.trim().parse().ok()?)));
    let message = if report.contains("Recursion limit exceeded") {
        "The document nests too deep to be read."
    } else {
        "The document is not GraphQL."
    };
    match place {
        Some((line, column)) => at(
            Code::GraphqlParseFailed,
            message,
            &[graphql_tools::parser::Pos { line, column }],
        ),
        None => coded(Code::GraphqlParseFailed, message),
    }
}

fn unplannable(error: &Unplannable) -> ServerError {
    match error {
        Unplannable::NoOperation => coded(Code::OperationNotFound, error.to_string()),
        Unplannable::TooLong => coded(Code::QueryTooComplex, "The query takes too long to plan."),
        Unplannable::Bug(detail) => {
            tracing::error!("planning failed: {detail}");
            coded(Code::Internal, "Something went wrong on our side.")
        }
    }
}
