//! How much an answer may hold: lists inside lists multiply, and no subgraph sees the whole.
//!
//! An estimate from above where a page has a size, and a guess elsewhere. It is there to refuse
//! what grows by powers (similar games of similar games of …), not to count what is sent.

use crate::{
    error::coded,
    shape::{Item, Output, Shape},
};
use async_graphql::{Name, ServerError, Value, Variables};
use djinn_kernel::Code;
use graphql_tools::static_graphql::{query, schema};

/// The arguments that say how many items there may be.
const SAYS: [&str; 3] = ["first", "last", "limit"];
/// A page nobody gave a size.
const UNSAID: usize = 50;
/// A list that takes no size is bounded by its owner, and usually short.
const SHORT: usize = 5;

/// How many items a page may have.
#[derive(Debug)]
pub struct Page {
    said: Said,
    otherwise: usize,
}

#[derive(Debug)]
enum Said {
    Nothing,
    Number(usize),
    Variable(Name),
}

impl Page {
    /// Of a field that takes a size; nothing for all others.
    pub fn of(field: &schema::Field, given: &[(String, query::Value)]) -> Option<Self> {
        let argument = field
            .arguments
            .iter()
            .find(|argument| SAYS.contains(&argument.name.as_str()))?;
        let otherwise = argument.default_value.as_ref().and_then(whole);
        let given = given.iter().find(|(name, _)| *name == argument.name);
        Some(Self {
            said: match given.map(|(_, value)| value) {
                Some(query::Value::Variable(name)) => Said::Variable(Name::new(name)),
                Some(value) => whole(value).map_or(Said::Nothing, Said::Number),
                None => Said::Nothing,
            },
            otherwise: otherwise.unwrap_or(UNSAID),
        })
    }

    fn items(&self, variables: &Variables) -> usize {
        let said = match &self.said {
            Said::Nothing => None,
            Said::Number(number) => Some(*number),
            Said::Variable(name) => match variables.get(name) {
                Some(Value::Number(number)) => number
                    .as_u64()
                    .and_then(|number| usize::try_from(number).ok()),
                _ => None,
            },
        };
        said.unwrap_or(self.otherwise)
    }
}

fn whole(value: &query::Value) -> Option<usize> {
    match value {
        query::Value::Int(number) => number.as_i64().and_then(|it| usize::try_from(it).ok()),
        _ => None,
    }
}

/// Refuses an answer that may hold more than `limit` objects.
pub fn check(shape: &Shape, variables: &Variables, limit: usize) -> Result<(), ServerError> {
    if objects(shape, None, variables) <= limit {
        return Ok(());
    }
    let message = format!(
        "The answer may hold more than {limit} objects; ask for smaller pages, or nest fewer lists."
    );
    Err(coded(Code::QueryTooComplex, message))
}

/// How many objects one object of this shape may hold. `page` is the size its own list was given:
/// `games(first: 10) { nodes { … } }` says it one level above the list.
fn objects(shape: &Shape, page: Option<usize>, variables: &Variables) -> usize {
    let each = shape.items.iter().map(|item| match item {
        Item::Part { when, shape, .. } if when.holds(variables) => objects(shape, page, variables),
        Item::Field(field) if field.when.holds(variables) && !field.inner.items.is_empty() => {
            // The schema about itself has a limit of its own.
            if field.name.starts_with("__") {
                return 0;
            }
            let own = field.page.as_ref().map(|page| page.items(variables));
            if is_list(&field.output) {
                let items = own.or(page).unwrap_or(SHORT);
                objects(&field.inner, None, variables)
                    .saturating_add(1)
                    .saturating_mul(items)
            } else {
                objects(&field.inner, own, variables).saturating_add(1)
            }
        }
        Item::Part { .. } | Item::Field(_) => 0,
    });
    each.fold(0, usize::saturating_add)
}

/// How many fields a shape has in all.
pub fn fields(shape: &Shape) -> usize {
    let each = shape.items.iter().map(|item| match item {
        Item::Field(field) => 1 + fields(&field.inner),
        Item::Part { shape, .. } => fields(shape),
    });
    each.sum()
}

fn is_list(output: &Output) -> bool {
    match output {
        Output::Named => false,
        Output::List(_) => true,
        Output::NonNull(inner) => is_list(inner),
    }
}
