//! From a document to what can be run: tokens, parse, limits, validation, plan. Done once per
//! document and operation name.

use crate::{
    cost::{self, Estimate, Sought, Weights},
    error::{at, coded},
    introspect,
    limits::Limits,
    overrides::Side,
    plan::{Planner, Unplannable},
    schema::Schema,
    shape::{self, Item, Shape},
    steps::Plan,
    validate::Validator,
    variables::Declared,
    ways::Ways,
};
use async_graphql::{ServerError, Variables};
use djinn_kernel::Code;
use graphql_tools::static_graphql::query::{Definition, Document, OperationDefinition};
use std::sync::Arc;

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
    /// What the document calls it.
    pub name: Option<Arc<str>>,
    /// The root type's name.
    pub root: String,
    /// Its variables.
    pub variables: Vec<Declared>,
    /// What to show.
    pub shape: Shape,
    /// What it may cost.
    pub estimate: Estimate,
    /// What it may cost the subgraphs that have a limit of their own: name, limit, estimate.
    pub estimates_of: Vec<(String, u64, Estimate)>,
    /// How to get it.
    pub ways: Ways,
    /// Whether it asks for the schema.
    pub introspects: bool,
}

impl Prepared {
    /// Whether it is a mutation that asks for `fields`, and for nothing else.
    pub fn only_asks(&self, fields: &[String]) -> bool {
        fn only(shape: &Shape, fields: &[String]) -> bool {
            shape.items.iter().all(|item| match item {
                Item::Field(field) => field.name == "__typename" || fields.contains(&field.name),
                Item::Part { shape, .. } => only(shape, fields),
            })
        }
        self.kind == Kind::Mutation && only(&self.shape, fields)
    }
}

/// Everything preparation stands on.
pub struct Workshop {
    /// Plans.
    pub planner: Planner,
    /// The public schema.
    pub schema: Schema,
    /// What everything in it weighs.
    pub weights: Weights,
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
        side: Side,
    ) -> Result<Prepared, Vec<ServerError>> {
        self.limits.check_text(text)?;
        let document = graphql_tools::parser::parse_query::<String>(text)
            .map_err(|error| vec![unparsable(&error.to_string())])?
            .into_static();
        self.limits.check(&document)?;
        let chosen = choose(&document, operation)?;
        self.validator.check(&self.schema, &document)?;

        let (kind, root) = self.root(chosen)?;
        let shape = shape::of_operation(
            &self.schema,
            &self.planner.names().aliases,
            &document,
            &root,
            chosen.selection_set(),
        )?;
        let introspects = asks_for(&shape, |name| {
            name.starts_with("__") && name != "__typename"
        });
        introspect::check(&shape)?;
        if kind == Kind::Mutation {
            self.limits.check_single(&shape)?;
        }
        let count = |of| {
            let list_size = self.limits.list_size;
            cost::of_operation(
                &self.schema,
                &self.weights,
                Sought { list_size, of },
                &document,
                (kind, &root),
                chosen.selection_set(),
            )
        };
        let estimate = count(None)?;
        let estimates_of = self.limits.cost_of.iter().map(|(name, limit)| {
            let estimate = count(Some(name))?;
            Ok((name.clone(), *limit, estimate))
        });
        let estimates_of = estimates_of.collect::<Result<Vec<_>, ServerError>>()?;
        // What is too much whatever the variables say is not planned at all.
        if estimate.is_known() {
            estimate.check(&self.weights, &Variables::default(), &self.limits)?;
        }
        let variables = chosen
            .variable_definitions()
            .iter()
            .map(Declared::new)
            .collect();
        let name = name_of(chosen).map(Arc::from);
        let ways = Ways::new(document, operation, side);
        if ways.is_single() {
            self.plan(&ways, &Variables::default())?;
        }
        Ok(Prepared {
            kind,
            name,
            root,
            variables,
            shape,
            estimate,
            estimates_of,
            ways,
            introspects,
        })
    }

    /// The plan of a document for these variables. Work for a core.
    pub fn plan(&self, ways: &Ways, variables: &Variables) -> Result<Arc<Plan>, Vec<ServerError>> {
        ways.plan(&self.planner, variables)
            .map_err(|error| vec![unplannable(&error)])
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

/// What the document calls an operation.
pub fn name_of(operation: &OperationDefinition) -> Option<&str> {
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
