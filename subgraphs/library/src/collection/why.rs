//! Why a game is in a collection, or is not: every part of the rule, whether it holds for the
//! game, and what the game has there.

use super::{
    entity::collection,
    evaluate::{Bound, Node, Unasked},
    field::{Field, Operator},
    options,
    phrase::{Phrase, joined, lasting},
    rule::Rule,
    service, store,
};
use crate::{
    game::kind_text,
    platform::Registry,
    search::{
        index::{Entry, Index},
        terms::Terms,
    },
};
use chrono::{Datelike, NaiveDate};
use djinn_kernel::{Fault, event::GameKind};
use djinn_subgraph_kit::Ports;
use sea_orm::ActiveEnum;

/// One part of a rule, for one game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Where it stands in the rule, for instance `rule.all[1]`. `None` for what the rule leaves
    /// unsaid, and for a manual collection.
    pub path: Option<String>,
    /// The part in words.
    pub words: Vec<Phrase>,
    /// Whether it holds.
    pub held: bool,
    /// What the game has there; `None` for a group, and where nothing is known.
    pub value: Option<Vec<Phrase>>,
}

/// What is needed to put a game's values into words.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The game.
    pub entry: &'a Entry,
    /// Its title as it is written.
    pub title: &'a str,
    /// Where it was found.
    pub index: &'a Index,
    /// What platforms are called.
    pub registry: &'a Registry,
}

/// Whether the game is in a collection, and every part of what decides that.
pub async fn of_collection(
    ports: &Ports,
    row: &collection::Model,
    shown: Shown<'_>,
) -> Result<(bool, Vec<Outcome>), Fault> {
    let entry = shown.entry;
    if let Some(rule) = service::rule_of(row)? {
        let bound = service::bound(ports, shown.index, &rule);
        return Ok((bound.holds(entry), outcomes(&rule, &bound, shown)));
    }
    let place = store::position(ports.db.read(), row.id, entry.id).await?;
    let mut parts = vec![Outcome {
        path: None,
        words: vec![Phrase::keyed("Put in by hand", "phrase.byHand")],
        held: place.is_some(),
        value: None,
    }];
    parts.extend(unasked(service::BY_HAND, shown));
    Ok((place.is_some() && service::BY_HAND.passes(entry), parts))
}

/// Every part of `rule` in order, groups before what is in them, then what it leaves unsaid.
pub fn outcomes(rule: &Rule, bound: &Bound, shown: Shown<'_>) -> Vec<Outcome> {
    let mut found = Vec::new();
    walk("rule", rule, bound.root(), shown, &mut found);
    found.extend(unasked(Unasked::of(rule), shown));
    found
}

/// What lists leave out by themselves.
fn unasked(unasked: Unasked, shown: Shown<'_>) -> Vec<Outcome> {
    let part = |field: Field, words: Vec<Phrase>, held| Outcome {
        path: None,
        words,
        held,
        value: value(field, shown),
    };
    let mut found = Vec::new();
    if unasked.hidden {
        let held = !shown.entry.hidden;
        let words = vec![
            Field::Hidden.phrase(),
            Phrase::space(),
            Operator::IsFalse.phrase(),
        ];
        found.push(part(Field::Hidden, words, held));
    }
    if unasked.kind {
        let held = shown.entry.kind == GameKind::Game;
        let words = vec![
            Field::Kind.phrase(),
            Phrase::space(),
            Operator::OneOf.phrase(),
            Phrase::space(),
            kind(GameKind::Game),
        ];
        found.push(part(Field::Kind, words, held));
    }
    found
}

fn kind(kind: GameKind) -> Phrase {
    let key = format!("value.{}", kind_text(kind));
    Phrase::keyed(options::kind_label(kind), key)
}

fn walk(at: &str, rule: &Rule, node: &Node, shown: Shown<'_>, found: &mut Vec<Outcome>) {
    let held = node.holds(shown.entry);
    let Some((list, parts)) = rule.parts() else {
        if let Rule::One(condition) = rule {
            found.push(Outcome {
                path: Some(at.to_owned()),
                words: condition
                    .phrases(&|field, id| options::phrase(field, id, shown.registry, shown.index)),
                held,
                value: value(condition.field, shown),
            });
        }
        return;
    };
    let (words, key) = match rule {
        Rule::Any(_) => ("At least one of these", "phrase.any"),
        Rule::None(_) => ("None of these", "phrase.none"),
        Rule::All(_) | Rule::One(_) => ("All of these", "phrase.all"),
    };
    found.push(Outcome {
        path: Some(at.to_owned()),
        words: vec![Phrase::keyed(words, key)],
        held,
        value: None,
    });
    for (n, (part, node)) in parts.iter().zip(node.parts()).enumerate() {
        walk(&format!("{at}.{list}[{n}]"), part, node, shown, found);
    }
}

/// A day of release. One of which the year alone is known stands on its first day, and is shown as
/// the year.
fn released(day: NaiveDate) -> String {
    if day.ordinal() == 1 {
        day.year().to_string()
    } else {
        day.to_string()
    }
}

/// What a game has in a field.
fn value(field: Field, shown: Shown<'_>) -> Option<Vec<Phrase>> {
    let Shown {
        entry,
        title,
        index,
        registry,
    } = shown;
    let listed = |mut labels: Vec<Phrase>| {
        // The order of their numbers differs from process to process.
        labels.sort_unstable_by(|a, b| a.text.cmp(&b.text));
        let each = labels.into_iter().map(|label| vec![label]).collect();
        Some(joined(each, &[Phrase::plain(", ")])).filter(|pieces| !pieces.is_empty())
    };
    let names = |terms: &Terms, numbers: &[u32]| {
        let labels = numbers.iter().map(|number| {
            let name = terms.label(*number);
            options::phrase(field, name, registry, index)
        });
        listed(labels.collect())
    };
    let plain = |text: String| vec![Phrase::plain(text)];
    let yes = |flag| {
        let (word, key) = if flag {
            ("yes", "phrase.yes")
        } else {
            ("no", "phrase.no")
        };
        Some(vec![Phrase::keyed(word, key)])
    };
    match field {
        Field::Title => Some(plain(title.to_owned())),
        Field::Platform => names(&index.platforms, &entry.platforms),
        Field::PlatformCount => Some(plain(entry.platforms.len().to_string())),
        Field::HeldAs => {
            let labels = entry.held_as.iter().map(|held| {
                let key = format!("value.{}", held.to_value());
                Phrase::keyed(options::held_label(*held), key)
            });
            listed(labels.collect())
        }
        Field::Status => names(&index.statuses, &[entry.status]),
        Field::Genre => names(&index.genres, &entry.genres),
        Field::Tag => names(&index.tags, &entry.tags),
        Field::MyTag => names(&index.my_tags, &entry.my_tags),
        Field::Developer => names(&index.developers, &entry.developers),
        Field::Kind => Some(vec![kind(entry.kind)]),
        Field::Released => entry.released_on.map(|day| plain(released(day))),
        Field::Playtime => Some(lasting(entry.playtime_minutes)),
        Field::MainStory => entry.main_story_minutes.map(lasting),
        Field::Played => yes(entry.was_played()),
        Field::LastPlayed => {
            let at = entry.last_played_at;
            at.map(|at| plain(index.zone.day(at).to_string()))
        }
        Field::Added => {
            let at = entry.added_at;
            at.map(|at| plain(index.zone.day(at).to_string()))
        }
        Field::Favourite => yes(entry.favourite),
        Field::Hidden => yes(entry.hidden),
        Field::MyRating => entry.my_rating.map(|rating| plain(rating.to_string())),
        Field::CriticScore => entry.critic_score.map(|score| plain(score.to_string())),
        Field::Progress => entry
            .progress()
            .map(|percent| plain(format!("{percent} %"))),
        Field::CopyCount => Some(plain(entry.copies.to_string())),
        Field::Noted => yes(entry.noted),
        Field::AgeRating => {
            let rating = entry.esrb.and_then(djinn_kernel::Esrb::from_level);
            rating.map(|rating| {
                let (id, label) = crate::search::facets::esrb_choice(rating);
                vec![Phrase::keyed(label, format!("rating.{id}"))]
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_known_by_its_year_only_is_shown_as_the_year() {
        let said = |day: &str| released(day.parse().unwrap_or_default());
        assert_eq!(said("2019-01-01"), "2019");
        assert_eq!(said("2019-01-02"), "2019-01-02");
    }
}
