//! A rule as clients send it, and why it is refused. Every complaint names the place in the rule.

use super::{
    field::{Field, Operator, ValueType},
    options::{Known, is_option},
    rule::{
        Condition, MAX_CONDITIONS, MAX_DAYS, MAX_DEPTH, MAX_OPTIONS, MAX_TEXT, Rule, Span, Value,
    },
    table::Shape,
};
use crate::copy::clean;
use async_graphql::InputObject;
use chrono::NaiveDate;

/// Which games are in a collection: a group (`all`, `any` or `none`) or a condition (`field` and
/// `operator`), exactly one of them. Groups nest at most 5 deep; a rule has at most 50 conditions.
/// Hidden games and what is no game proper are left out, unless a condition asks for HIDDEN or
/// KIND.
#[derive(Debug, Clone, Default, InputObject)]
#[graphql(name = "CollectionRule")]
pub struct RuleInput {
    /// All of these hold.
    pub all: Option<Vec<Self>>,
    /// At least one of these holds.
    pub any: Option<Vec<Self>>,
    /// Not one of these holds.
    pub none: Option<Vec<Self>>,
    /// What a condition asks about.
    pub field: Option<Field>,
    /// How it asks.
    pub operator: Option<Operator>,
    /// What it compares with. The operator says which member it takes.
    pub value: Option<ValueInput>,
}

/// What a condition compares with: exactly one member.
#[derive(Debug, Clone, Default, InputObject)]
#[graphql(name = "CollectionValue")]
pub struct ValueInput {
    /// At most 200 characters.
    pub text: Option<String>,
    /// Ids or names, at most 50.
    pub options: Option<Vec<String>>,
    /// A whole number.
    pub number: Option<i32>,
    /// Numbers, both included.
    pub numbers: Option<NumberRange>,
    /// A day.
    pub date: Option<NaiveDate>,
    /// Days, both included.
    pub dates: Option<DateRange>,
    /// A number of days, 1 to 36500.
    pub days: Option<i32>,
}

/// Numbers, both included; one of them may be left out.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct NumberRange {
    /// The least.
    pub from: Option<i32>,
    /// The most.
    pub to: Option<i32>,
}

/// Days, both included; one of them may be left out.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct DateRange {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

/// A rule that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{at}` {what}")]
pub struct InvalidRule {
    /// The place, for instance `rule.all[1].value`.
    pub at: String,
    /// What is wrong there.
    what: String,
}

fn wrong<T>(at: impl Into<String>, what: impl Into<String>) -> Result<T, InvalidRule> {
    Err(InvalidRule {
        at: at.into(),
        what: what.into(),
    })
}

/// Makes a group of its parts.
type Group = fn(Vec<Rule>) -> Rule;

impl RuleInput {
    /// The rule, if it can be one. `at` is where it was sent, for instance `input.rule`; a platform
    /// or status is known when `known` says so.
    pub fn parse(self, at: &str, known: Known<'_>) -> Result<Rule, InvalidRule> {
        let mut left = MAX_CONDITIONS;
        self.part(at, 0, &mut left, known)
    }

    fn part(
        self,
        at: &str,
        depth: usize,
        left: &mut usize,
        known: Known<'_>,
    ) -> Result<Rule, InvalidRule> {
        let is_condition = self.field.is_some() || self.operator.is_some() || self.value.is_some();
        let groups: [(Option<Vec<Self>>, &str, Group); 3] = [
            (self.all, "all", Rule::All),
            (self.any, "any", Rule::Any),
            (self.none, "none", Rule::None),
        ];
        let said = groups.iter().filter(|(list, ..)| list.is_some()).count();
        if said + usize::from(is_condition) != 1 {
            return wrong(
                at,
                "is either a group (`all`, `any` or `none`) or a condition (`field` and `operator`), exactly one of them",
            );
        }
        for (list, name, make) in groups {
            let Some(list) = list else { continue };
            let at = format!("{at}.{name}");
            if depth >= MAX_DEPTH {
                return wrong(
                    at,
                    format!("is too deep: groups nest at most {MAX_DEPTH} deep"),
                );
            }
            if list.is_empty() {
                return wrong(at, "is empty: a group has at least one part");
            }
            if list.len() > MAX_CONDITIONS {
                return wrong(at, too_many());
            }
            let parts: Result<Vec<Rule>, InvalidRule> = list
                .into_iter()
                .enumerate()
                .map(|(n, part)| part.part(&format!("{at}[{n}]"), depth + 1, left, known))
                .collect();
            return Ok(make(parts?));
        }
        let Some(less) = left.checked_sub(1) else {
            return wrong(at, too_many());
        };
        *left = less;
        condition(at, self.field, self.operator, self.value, known).map(Rule::One)
    }
}

fn too_many() -> String {
    format!("is one too many: a rule has at most {MAX_CONDITIONS} conditions")
}

fn condition(
    at: &str,
    field: Option<Field>,
    operator: Option<Operator>,
    value: Option<ValueInput>,
    known: Known<'_>,
) -> Result<Condition, InvalidRule> {
    let Some(field) = field else {
        return wrong(format!("{at}.field"), "is missing");
    };
    let Some(operator) = operator else {
        return wrong(format!("{at}.operator"), "is missing");
    };
    let about = field.about();
    let Some(wanted) = about.value(operator) else {
        let names: Vec<String> = about.operators.iter().map(|one| one.name()).collect();
        return wrong(
            format!("{at}.operator"),
            format!(
                "cannot be {} for {}; it is one of {}",
                operator.name(),
                field.name(),
                names.join(", ")
            ),
        );
    };
    let at = format!("{at}.value");
    let value = value.unwrap_or_default().parse(&at, wanted)?;
    if let Some(value) = &value {
        bounded(&at, field, value, known)?;
    }
    Ok(Condition {
        field,
        operator,
        value,
    })
}

impl ValueInput {
    /// The one member that is wanted.
    fn parse(self, at: &str, wanted: ValueType) -> Result<Option<Value>, InvalidRule> {
        let given = [
            ("text", self.text.is_some()),
            ("options", self.options.is_some()),
            ("number", self.number.is_some()),
            ("numbers", self.numbers.is_some()),
            ("date", self.date.is_some()),
            ("dates", self.dates.is_some()),
            ("days", self.days.is_some()),
        ];
        let given: Vec<&str> = given.iter().filter(|one| one.1).map(|one| one.0).collect();
        if wanted == ValueType::None {
            return if given.is_empty() {
                Ok(None)
            } else {
                wrong(at, "must be left out: this operator takes none")
            };
        }
        if given != [wanted.member()] {
            return wrong(at, format!("has `{}`, and nothing else", wanted.member()));
        }
        let options = self
            .options
            .map(|list| list.iter().map(|one| clean(one, MAX_TEXT + 1)).collect());
        let value = self
            .text
            .map(|text| Value::Text(clean(&text, MAX_TEXT + 1)))
            .or(options.map(Value::Options))
            .or(self.number.map(Value::Number))
            .or(self.numbers.map(|span| {
                Value::Numbers(Span {
                    from: span.from,
                    to: span.to,
                })
            }))
            .or(self.date.map(Value::Date))
            .or(self.dates.map(|span| {
                Value::Dates(Span {
                    from: span.from,
                    to: span.to,
                })
            }))
            .or(self.days.map(Value::Days));
        if wanted == ValueType::Option && !value.as_ref().is_some_and(Value::is_single) {
            return wrong(format!("{at}.options"), "has exactly one entry here");
        }
        Ok(value)
    }
}

impl Value {
    fn is_single(&self) -> bool {
        matches!(self, Self::Options(options) if options.len() == 1)
    }
}

/// Refuses what is too long, too large, the wrong way round or no option of the field.
fn bounded(at: &str, field: Field, value: &Value, known: Known<'_>) -> Result<(), InvalidRule> {
    let text = |at: String, text: &str| {
        let length = text.chars().count();
        if (1..=MAX_TEXT).contains(&length) {
            Ok(())
        } else {
            wrong(at, format!("has 1 to {MAX_TEXT} characters"))
        }
    };
    match value {
        Value::Text(typed) => text(format!("{at}.text"), typed),
        Value::Options(options) => {
            let at = format!("{at}.options");
            if !(1..=MAX_OPTIONS).contains(&options.len()) {
                let many = options.len();
                return wrong(at, format!("has 1 to {MAX_OPTIONS} entries, not {many}"));
            }
            for (n, option) in options.iter().enumerate() {
                let at = format!("{at}[{n}]");
                text(at.clone(), option)?;
                if !is_option(field, option, known) {
                    return wrong(
                        at,
                        format!(
                            "is no option of {}: `{option}`; `collectionFields` lists them",
                            field.name()
                        ),
                    );
                }
            }
            Ok(())
        }
        Value::Number(number) => within(format!("{at}.number"), field, *number),
        Value::Numbers(span) => {
            let at = format!("{at}.numbers");
            for end in [span.from, span.to].into_iter().flatten() {
                within(at.clone(), field, end)?;
            }
            right_way_round(&at, span)
        }
        Value::Dates(span) => right_way_round(&format!("{at}.dates"), span),
        Value::Days(days) if !(1..=MAX_DAYS).contains(days) => wrong(
            format!("{at}.days"),
            format!("is between 1 and {MAX_DAYS}, not {days}"),
        ),
        Value::Date(_) | Value::Days(_) => Ok(()),
    }
}

fn within(at: String, field: Field, number: i32) -> Result<(), InvalidRule> {
    match field.about().shape {
        Shape::Number(least, most) if !(least..=most).contains(&number) => {
            wrong(at, format!("is between {least} and {most}, not {number}"))
        }
        _ => Ok(()),
    }
}

fn right_way_round<T: PartialOrd>(at: &str, span: &Span<T>) -> Result<(), InvalidRule> {
    match (&span.from, &span.to) {
        (None, None) => wrong(at, "has `from`, `to` or both"),
        (Some(from), Some(to)) if from > to => {
            wrong(at, "is the wrong way round: `from` must not be larger")
        }
        _ => Ok(()),
    }
}
