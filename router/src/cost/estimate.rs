//! An estimate with its variables left open.

use super::weights::Weights;
use crate::{error::coded, limits::Limits, shape::When};
use async_graphql::{Name, ServerError, Value, Variables};
use djinn_kernel::Code;
use std::ops::AddAssign;

/// What an operation may cost and how many objects its answer may hold, once its variables are
/// known. Sums are folded as it is built, so an operation without variables is one number.
#[derive(Debug, Clone, Default)]
pub struct Estimate {
    fixed: Totals,
    open: Vec<Open>,
}

/// The two things that are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// By weight.
    pub cost: i64,
    /// Each object as one, whatever it weighs.
    pub objects: u64,
}

/// What depends on variables.
#[derive(Debug, Clone)]
enum Open {
    /// Only under conditions.
    If(When, Estimate),
    /// As often as a list is long.
    Times(Size, Estimate),
    /// One object is of one of several types: whichever costs most.
    Most(Vec<Estimate>),
    /// An input object that comes by a variable.
    Input {
        variable: Name,
        of: String,
        own: Option<i64>,
    },
}

/// How long a list is.
#[derive(Debug, Clone)]
pub struct Size {
    /// What the arguments say; the largest counts.
    pub said: Vec<Said>,
    /// When none of them says anything.
    pub otherwise: u64,
}

/// What one slicing argument says.
#[derive(Debug, Clone)]
pub enum Said {
    /// A literal, or the argument's default.
    Number(u64),
    /// A variable, or something within an input object that comes by one; and the argument's
    /// default, which counts when the variable is not sent.
    Variable {
        name: Name,
        path: Vec<String>,
        default: Option<u64>,
    },
}

impl Size {
    /// A size that is known.
    pub const fn fixed(size: u64) -> Self {
        Self {
            said: Vec::new(),
            otherwise: size,
        }
    }

    fn known(&self) -> Option<u64> {
        let each = self.said.iter().map(|said| match said {
            Said::Number(number) => Some(*number),
            Said::Variable { .. } => None,
        });
        let most = each.collect::<Option<Vec<_>>>()?.into_iter().max();
        Some(most.unwrap_or(self.otherwise))
    }

    fn of(&self, variables: &Variables) -> u64 {
        let each = self.said.iter().filter_map(|said| match said {
            Said::Number(number) => Some(*number),
            Said::Variable {
                name,
                path,
                default,
            } => match variables.get(name) {
                None => *default,
                Some(value) => within(value, path).map_or(*default, whole),
            },
        });
        each.max().unwrap_or(self.otherwise)
    }
}

fn within<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| match value {
        Value::Object(fields) => fields.get(key.as_str()),
        _ => None,
    })
}

/// A size in a value; a negative one is the subgraph's to refuse.
fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| number.as_i64().map(|_| 0)),
        _ => None,
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        // Saturating: lists in lists in lists pass every number.
        self.cost = self.cost.saturating_add(other.cost);
        self.objects = self.objects.saturating_add(other.objects);
    }
}

impl Totals {
    fn times(self, size: u64) -> Self {
        Self {
            cost: self
                .cost
                .saturating_mul(i64::try_from(size).unwrap_or(i64::MAX)),
            objects: self.objects.saturating_mul(size),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            cost: self.cost.max(other.cost),
            objects: self.objects.max(other.objects),
        }
    }
}

impl Estimate {
    /// A known sum.
    pub fn fixed(cost: i64, objects: u64) -> Self {
        Self {
            fixed: Totals { cost, objects },
            open: Vec::new(),
        }
    }

    /// What a variable's input object weighs.
    pub fn input(variable: Name, of: &str, own: Option<i64>) -> Self {
        let open = Open::Input {
            variable,
            of: of.to_owned(),
            own,
        };
        Self::open(open)
    }

    fn open(open: Open) -> Self {
        Self {
            fixed: Totals::default(),
            open: vec![open],
        }
    }

    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.fixed += other.fixed;
        self.open.extend(other.open);
    }

    /// Only under conditions.
    #[must_use]
    pub fn when(self, when: When) -> Self {
        if when.always() || self.is_nothing() {
            self
        } else {
            Self::open(Open::If(when, self))
        }
    }

    /// As often as a list is long.
    #[must_use]
    pub fn times(self, size: Size) -> Self {
        match size.known() {
            Some(1) => self,
            Some(size) if self.open.is_empty() => Self {
                fixed: self.fixed.times(size),
                open: Vec::new(),
            },
            _ if self.is_nothing() => self,
            _ => Self::open(Open::Times(size, self)),
        }
    }

    /// Whichever of several costs most.
    pub fn most(mut choices: Vec<Self>) -> Self {
        if choices.len() == 1 {
            return choices.remove(0);
        }
        if choices.iter().all(|choice| choice.open.is_empty()) {
            let each = choices.iter().map(|choice| choice.fixed);
            return Self {
                fixed: each.reduce(Totals::or).unwrap_or_default(),
                open: Vec::new(),
            };
        }
        Self::open(Open::Most(choices))
    }

    /// Whether it is the same whatever the variables are.
    pub const fn is_known(&self) -> bool {
        self.open.is_empty()
    }

    fn is_nothing(&self) -> bool {
        self.open.is_empty() && self.fixed == Totals::default()
    }

    /// The sums, with the request's variables.
    pub fn totals(&self, weights: &Weights, variables: &Variables) -> Totals {
        let mut totals = self.fixed;
        for open in &self.open {
            totals += match open {
                Open::If(when, inner) if when.holds(variables) => inner.totals(weights, variables),
                Open::If(..) => Totals::default(),
                Open::Times(size, inner) => {
                    inner.totals(weights, variables).times(size.of(variables))
                }
                Open::Most(choices) => {
                    let each = choices.iter().map(|one| one.totals(weights, variables));
                    each.reduce(Totals::or).unwrap_or_default()
                }
                Open::Input { variable, of, own } => Totals {
                    cost: variables
                        .get(variable)
                        .map_or(0, |value| weights.of_value(of, *own, value)),
                    objects: 0,
                },
            };
        }
        totals
    }

    /// Refuses what may cost more, or answer with more objects, than the limits say; returns what it
    /// may cost.
    pub fn check(
        &self,
        weights: &Weights,
        variables: &Variables,
        limits: &Limits,
    ) -> Result<u64, ServerError> {
        if limits.cost == u64::MAX && limits.objects == u64::MAX {
            return Ok(0);
        }
        let totals = self.totals(weights, variables);
        let cost = u64::try_from(totals.cost).unwrap_or(0);
        if cost > limits.cost && weights.are_declared() {
            return Err(too_costly("The operation", cost, limits.cost));
        }
        if totals.objects > limits.objects {
            return Err(too_many("may hold", limits.objects));
        }
        Ok(cost)
    }

    /// The same for what one subgraph resolves of it, which has a limit of its own.
    pub fn check_of(
        &self,
        (subgraph, limit): (&str, u64),
        weights: &Weights,
        variables: &Variables,
    ) -> Result<(), ServerError> {
        let cost = u64::try_from(self.totals(weights, variables).cost).unwrap_or(0);
        if cost <= limit {
            return Ok(());
        }
        let mut error = too_costly(&format!("What {subgraph} does of it"), cost, limit);
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("subgraph", subgraph);
        Err(error)
    }
}

/// An answer that has, or may have, more objects than the limit says.
pub fn too_many(holds: &str, limit: u64) -> ServerError {
    coded(
        Code::QueryTooComplex,
        format!(
            "The answer {holds} more than {limit} objects; ask for smaller pages, or nest fewer lists."
        ),
    )
}

fn too_costly(what: &str, cost: u64, limit: u64) -> ServerError {
    let mut error = coded(
        Code::QueryTooComplex,
        format!(
            "{what} may cost {cost}, and the limit of the cost is {limit}; ask for smaller pages, or nest fewer lists."
        ),
    );
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("cost", cost);
    extensions.set("maximumCost", limit);
    error
}
