//! Which games a rule holds for: the rule is bound to one index and one day, and then asked game
//! by game. Nothing else in the subgraph decides membership.

use super::{
    field::{Field, Operator},
    options,
    rule::{Condition, Rule, Span, Value},
    table::Shape,
};
use crate::{
    copy::Holding,
    game::fold::fold,
    household::Zone,
    search::{
        index::{Entry, Index},
        terms::Terms,
    },
};
use chrono::{Days, NaiveDate};
use djinn_kernel::event::GameKind;

/// A rule bound to the names of one index and to a day.
#[derive(Debug)]
pub struct Bound {
    root: Node,
    /// What every list leaves out unless the rule asks about it.
    unasked: Unasked,
}

/// What a rule says nothing about, so that it is as in every other list.
#[derive(Debug, Clone, Copy)]
pub struct Unasked {
    /// Nothing about HIDDEN: hidden games are left out.
    pub hidden: bool,
    /// Nothing about KIND: only games proper.
    pub kind: bool,
}

impl Unasked {
    /// Of a rule.
    pub fn of(rule: &Rule) -> Self {
        Self {
            hidden: !rule.asks_about(Field::Hidden),
            kind: !rule.asks_about(Field::Kind),
        }
    }

    /// Whether `entry` passes what was not asked.
    pub fn passes(self, entry: &Entry) -> bool {
        (!self.hidden || !entry.hidden) && (!self.kind || entry.kind == GameKind::Game)
    }
}

/// A rule or a part of one, in the shape of the [`Rule`] it was made of.
#[derive(Debug)]
pub enum Node {
    /// All of these.
    All(Vec<Self>),
    /// Any of these.
    Any(Vec<Self>),
    /// None of these.
    None(Vec<Self>),
    /// A condition.
    One(Test),
}

/// A condition, ready to be asked.
#[derive(Debug)]
pub struct Test {
    ask: Ask,
    /// The operator asks for the contrary.
    negated: bool,
}

type Numbers = fn(&Entry) -> &[u32];
type DayOf = fn(&Entry, Zone) -> Option<NaiveDate>;

#[derive(Debug)]
enum Ask {
    TitleHas(String),
    TitleStarts(String),
    TitleIs(String),
    /// Any of these numbers of a list of names.
    Any(Numbers, Vec<u32>),
    /// Each of these; `None` when one of them is no name of any game.
    Each(Numbers, Option<Vec<u32>>),
    HeldAny(Vec<Holding>),
    HeldEach(Vec<Holding>),
    Kind(Vec<GameKind>),
    Status(Vec<u32>),
    Rating(Vec<i16>),
    Number(fn(&Entry) -> Option<i32>, Span<i32>),
    Day(DayOf, Span<NaiveDate>, Zone),
    Is(fn(&Entry) -> bool),
    /// A rule this version cannot have made; it holds for nothing.
    Never,
}

impl Bound {
    /// `rule` for the games of `index`, on the day `today` of its household.
    pub fn new(rule: &Rule, index: &Index, today: NaiveDate) -> Self {
        Self {
            root: Node::new(rule, index, today),
            unasked: Unasked::of(rule),
        }
    }

    /// Whether `entry` is in.
    pub fn holds(&self, entry: &Entry) -> bool {
        self.unasked.passes(entry) && self.root.holds(entry)
    }

    /// The rule itself, to be explained.
    pub const fn root(&self) -> &Node {
        &self.root
    }
}

impl Node {
    fn new(rule: &Rule, index: &Index, today: NaiveDate) -> Self {
        let parts = |parts: &[Rule]| {
            let parts = parts.iter().map(|part| Self::new(part, index, today));
            parts.collect()
        };
        match rule {
            Rule::All(of) => Self::All(parts(of)),
            Rule::Any(of) => Self::Any(parts(of)),
            Rule::None(of) => Self::None(parts(of)),
            Rule::One(condition) => Self::One(Test::new(condition, index, today)),
        }
    }

    /// Whether it holds for `entry`.
    pub fn holds(&self, entry: &Entry) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(entry)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(entry)),
            Self::None(parts) => !parts.iter().any(|part| part.holds(entry)),
            Self::One(test) => test.ask.holds(entry) != test.negated,
        }
    }

    /// Its parts; none for a condition.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::All(parts) | Self::Any(parts) | Self::None(parts) => parts,
            Self::One(_) => &[],
        }
    }
}

impl Test {
    fn new(condition: &Condition, index: &Index, today: NaiveDate) -> Self {
        use Operator::{DoesNotContain, IsFalse, IsNotSet, IsSet, IsTrue, NoneOf};
        let field = condition.field;
        let ask = match condition.operator {
            IsSet | IsNotSet => set(field).map_or(Ask::Never, Ask::Is),
            IsTrue | IsFalse => flag(field).map_or(Ask::Never, Ask::Is),
            _ => compared(condition, index, today).unwrap_or(Ask::Never),
        };
        let negated = matches!(
            condition.operator,
            DoesNotContain | NoneOf | IsFalse | IsNotSet
        );
        Self { ask, negated }
    }
}

impl Ask {
    fn holds(&self, entry: &Entry) -> bool {
        match self {
            Self::TitleHas(text) => entry.title.plain().contains(text.as_str()),
            Self::TitleStarts(text) => entry.title.plain().starts_with(text.as_str()),
            Self::TitleIs(text) => entry.title.plain() == text,
            Self::Any(of, wanted) => of(entry)
                .iter()
                .any(|one| wanted.binary_search(one).is_ok()),
            Self::Each(of, wanted) => wanted
                .as_ref()
                .is_some_and(|wanted| wanted.iter().all(|one| of(entry).contains(one))),
            Self::HeldAny(wanted) => wanted.iter().any(|held| entry.held_as.contains(held)),
            Self::HeldEach(wanted) => wanted.iter().all(|held| entry.held_as.contains(held)),
            Self::Kind(wanted) => wanted.contains(&entry.kind),
            Self::Status(wanted) => wanted.contains(&entry.status),
            Self::Rating(wanted) => entry.esrb.is_some_and(|level| wanted.contains(&level)),
            Self::Number(of, span) => of(entry).is_some_and(|value| {
                span.from.is_none_or(|from| value >= from) && span.to.is_none_or(|to| value <= to)
            }),
            Self::Day(of, span, zone) => of(entry, *zone).is_some_and(|day| {
                span.from.is_none_or(|from| day >= from) && span.to.is_none_or(|to| day <= to)
            }),
            Self::Is(holds) => holds(entry),
            Self::Never => false,
        }
    }
}

/// The names of a field that games share, and where an entry has them.
fn shared(field: Field, index: &Index) -> Option<(&Terms, Numbers)> {
    Some(match field {
        Field::Platform => (&*index.platforms, |entry| &entry.platforms),
        Field::Genre => (&*index.genres, |entry| &entry.genres),
        Field::Tag => (&*index.tags, |entry| &entry.tags),
        Field::MyTag => (&*index.my_tags, |entry| &entry.my_tags),
        Field::Developer => (&*index.developers, |entry| &entry.developers),
        _ => return None,
    })
}

fn number(field: Field) -> Option<fn(&Entry) -> Option<i32>> {
    Some(match field {
        Field::PlatformCount => |entry| Some(entry.platforms.len() as i32),
        Field::Playtime => |entry| Some(entry.playtime_minutes),
        Field::MainStory => |entry| entry.main_story_minutes,
        Field::MyRating => |entry| entry.my_rating.map(i32::from),
        Field::CriticScore => |entry| entry.critic_score.map(i32::from),
        Field::Progress => Entry::progress,
        Field::CopyCount => |entry| Some(entry.copies),
        _ => return None,
    })
}

fn day(field: Field) -> Option<DayOf> {
    Some(match field {
        Field::Released => |entry, _| entry.released_on,
        Field::LastPlayed => |entry, zone| entry.last_played_at.map(|at| zone.day(at)),
        Field::Added => |entry, zone| entry.added_at.map(|at| zone.day(at)),
        _ => return None,
    })
}

fn flag(field: Field) -> Option<fn(&Entry) -> bool> {
    Some(match field {
        Field::Played => Entry::was_played,
        Field::Favourite => |entry| entry.favourite,
        Field::Hidden => |entry| entry.hidden,
        Field::Noted => |entry| entry.noted,
        _ => return None,
    })
}

/// Whether a field that may be without a value has one.
fn set(field: Field) -> Option<fn(&Entry) -> bool> {
    Some(match field {
        Field::Genre => |entry| !entry.genres.is_empty(),
        Field::Tag => |entry| !entry.tags.is_empty(),
        Field::MyTag => |entry| !entry.my_tags.is_empty(),
        Field::Developer => |entry| !entry.developers.is_empty(),
        Field::Released => |entry| entry.released_on.is_some(),
        Field::LastPlayed => |entry| entry.last_played_at.is_some(),
        Field::Added => |entry| entry.added_at.is_some(),
        Field::MainStory => |entry| entry.main_story_minutes.is_some(),
        Field::MyRating => |entry| entry.my_rating.is_some(),
        Field::CriticScore => |entry| entry.critic_score.is_some(),
        Field::AgeRating => |entry| entry.esrb.is_some(),
        Field::Progress => |entry| entry.progress().is_some(),
        _ => return None,
    })
}

/// An operator that has a value.
fn compared(condition: &Condition, index: &Index, today: NaiveDate) -> Option<Ask> {
    let Condition {
        field, operator, ..
    } = *condition;
    match condition.value.as_ref()? {
        Value::Text(text) => Some(text_asked(field, operator, &fold(text), index)),
        Value::Options(ids) if field.about().shape == Shape::Level => rating_asked(operator, ids),
        Value::Options(ids) => options_asked(field, operator, ids, index),
        Value::Number(value) => {
            let (from, to) = match operator {
                Operator::AtLeast => (Some(*value), None),
                Operator::AtMost => (None, Some(*value)),
                _ => (Some(*value), Some(*value)),
            };
            Some(Ask::Number(number(field)?, Span { from, to }))
        }
        Value::Numbers(span) => Some(Ask::Number(number(field)?, *span)),
        Value::Dates(span) => Some(Ask::Day(day(field)?, *span, index.zone)),
        Value::Date(date) => {
            let span = match operator {
                Operator::Before => Span {
                    from: None,
                    to: Some(date.pred_opt()?),
                },
                _ => Span {
                    from: Some(date.succ_opt()?),
                    to: None,
                },
            };
            Some(Ask::Day(day(field)?, span, index.zone))
        }
        Value::Days(days) => {
            let days = Days::new(u64::try_from(*days).ok()?);
            let span = match operator {
                Operator::InTheLast => Span {
                    from: Some(today.checked_sub_days(days)?),
                    to: Some(today),
                },
                Operator::InTheNext => Span {
                    from: Some(today),
                    to: Some(today.checked_add_days(days)?),
                },
                _ => Span {
                    from: None,
                    to: Some(today.checked_sub_days(days)?.pred_opt()?),
                },
            };
            Some(Ask::Day(day(field)?, span, index.zone))
        }
    }
}

fn text_asked(field: Field, operator: Operator, text: &str, index: &Index) -> Ask {
    if let Some((terms, of)) = shared(field, index) {
        return Ask::Any(of, terms.containing(text));
    }
    match operator {
        Operator::StartsWith => Ask::TitleStarts(text.to_owned()),
        Operator::Is => Ask::TitleIs(text.to_owned()),
        _ => Ask::TitleHas(text.to_owned()),
    }
}

fn options_asked(field: Field, operator: Operator, ids: &[String], index: &Index) -> Option<Ask> {
    let each = operator == Operator::AllOf;
    if let Some((terms, of)) = shared(field, index) {
        // A name that no game has finds nothing.
        let numbers = ids.iter().map(|id| terms.number(id));
        if each {
            return Some(Ask::Each(of, numbers.collect()));
        }
        let mut numbers: Vec<u32> = numbers.flatten().collect();
        numbers.sort_unstable();
        return Some(Ask::Any(of, numbers));
    }
    Some(match field {
        Field::HeldAs => {
            let held = ids.iter().filter_map(|id| options::holding(id)).collect();
            if each {
                Ask::HeldEach(held)
            } else {
                Ask::HeldAny(held)
            }
        }
        Field::Kind => Ask::Kind(ids.iter().filter_map(|id| options::kind(id)).collect()),
        Field::Status => {
            let numbers = ids.iter().filter_map(|id| index.statuses.number(id));
            Ask::Status(numbers.collect())
        }
        _ => return None,
    })
}

fn rating_asked(operator: Operator, ids: &[String]) -> Option<Ask> {
    let levels: Vec<i16> = ids
        .iter()
        .filter_map(|id| options::rating(id))
        .map(djinn_kernel::Esrb::level)
        .collect();
    let first = *levels.first()?;
    let all = djinn_kernel::Esrb::ALL.iter().map(|rating| rating.level());
    Some(Ask::Rating(match operator {
        Operator::AtMost => all.filter(|level| *level <= first).collect(),
        Operator::AtLeast => all.filter(|level| *level >= first).collect(),
        _ => levels,
    }))
}
