//! Why a game is in a collection, or is not: every part of the rule, whether it holds for the
//! game, and what the game has there.

use super::{
    evaluate::{Bound, Node, Unasked},
    field::Field,
    options,
    rule::Rule,
};
use crate::{
    platform::Registry,
    search::index::{Entry, Index},
};

/// One part of a rule, for one game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Where it stands in the rule, for instance `rule.all[1]`. `None` for what the rule leaves
    /// unsaid, and for a manual collection.
    pub path: Option<String>,
    /// The part in words.
    pub words: String,
    /// Whether it holds.
    pub held: bool,
    /// What the game has there; `None` for a group, and where nothing is known.
    pub value: Option<String>,
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

/// Every part of `rule` in order, groups before what is in them, then what it leaves unsaid.
pub fn outcomes(rule: &Rule, bound: &Bound, shown: Shown<'_>) -> Vec<Outcome> {
    let mut found = Vec::new();
    walk("rule", rule, bound.root(), shown, &mut found);
    found.extend(unasked(Unasked::of(rule), shown));
    found
}

/// What lists leave out by themselves.
pub fn unasked(unasked: Unasked, shown: Shown<'_>) -> Vec<Outcome> {
    let part = |field: Field, words: &str, held| Outcome {
        path: None,
        words: words.to_owned(),
        held,
        value: value(field, shown),
    };
    let mut found = Vec::new();
    if unasked.hidden {
        let held = !shown.entry.hidden;
        found.push(part(Field::Hidden, "Hidden is false", held));
    }
    if unasked.kind {
        let held = shown.entry.kind == djinn_kernel::event::GameKind::Game;
        found.push(part(Field::Kind, "Kind is one of Game", held));
    }
    found
}

fn walk(at: &str, rule: &Rule, node: &Node, shown: Shown<'_>, found: &mut Vec<Outcome>) {
    let held = node.holds(shown.entry);
    let Some((list, parts)) = rule.parts() else {
        if let Rule::One(condition) = rule {
            found.push(Outcome {
                path: Some(at.to_owned()),
                words: condition.words(&|field, id| options::label(field, id, shown.registry)),
                held,
                value: value(condition.field, shown),
            });
        }
        return;
    };
    let words = match rule {
        Rule::Any(_) => "At least one of these",
        Rule::None(_) => "None of these",
        Rule::All(_) | Rule::One(_) => "All of these",
    };
    found.push(Outcome {
        path: Some(at.to_owned()),
        words: words.to_owned(),
        held,
        value: None,
    });
    for (n, (part, node)) in parts.iter().zip(node.parts()).enumerate() {
        walk(&format!("{at}.{list}[{n}]"), part, node, shown, found);
    }
}

/// What a game has in a field.
fn value(field: Field, shown: Shown<'_>) -> Option<String> {
    let Shown {
        entry,
        title,
        index,
        registry,
    } = shown;
    let joined = |mut labels: Vec<String>| {
        // The order of their numbers differs from process to process.
        labels.sort_unstable();
        (!labels.is_empty()).then(|| labels.join(", "))
    };
    let names = |terms: &crate::search::terms::Terms, numbers: &[u32]| {
        let labels = numbers.iter().map(|number| {
            let name = terms.label(*number);
            options::label(field, name, registry)
        });
        joined(labels.collect())
    };
    let yes = |flag| Some(if flag { "yes" } else { "no" }.to_owned());
    let minutes = |minutes: i32| format!("{minutes} minutes");
    match field {
        Field::Title => Some(title.to_owned()),
        Field::Platform => names(&index.platforms, &entry.platforms),
        Field::PlatformCount => Some(entry.platforms.len().to_string()),
        Field::HeldAs => {
            let labels = entry.held_as.iter().map(|held| options::held_label(*held));
            joined(labels.map(str::to_owned).collect())
        }
        Field::Status => names(&index.statuses, &[entry.status]),
        Field::Genre => names(&index.genres, &entry.genres),
        Field::Tag => names(&index.tags, &entry.tags),
        Field::Developer => names(&index.developers, &entry.developers),
        Field::Kind => Some(options::kind_label(entry.kind).to_owned()),
        Field::Released => entry.released_on.map(|day| day.to_string()),
        Field::Playtime => Some(minutes(entry.playtime_minutes)),
        Field::MainStory => entry.main_story_minutes.map(minutes),
        Field::Played => yes(entry.was_played()),
        Field::LastPlayed => entry.last_played_at.map(|at| at.date_naive().to_string()),
        Field::Added => entry.added_at.map(|at| at.date_naive().to_string()),
        Field::Favourite => yes(entry.favourite),
        Field::Hidden => yes(entry.hidden),
        Field::MyRating => entry.my_rating.map(|rating| rating.to_string()),
        Field::CriticScore => entry.critic_score.map(|score| score.to_string()),
        Field::AgeRating => entry
            .esrb
            .and_then(djinn_kernel::Esrb::from_level)
            .map(|rating| crate::search::facets::esrb_choice(rating).1.to_owned()),
    }
}
