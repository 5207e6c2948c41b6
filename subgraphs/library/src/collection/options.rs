//! What a condition can be compared with: the options of every field, for whoever builds a form.

use super::{field::Field, phrase::Phrase, table::Shape};
use crate::{
    copy::Holding,
    game::{STATUSES, fold::fold, kind_text, visible},
    platform::Registry,
    search::{
        facets::{Choice, esrb_choice},
        index::{Entry, Index},
        service::platform_name,
        terms::Terms,
    },
    status::own,
};
use djinn_kernel::{Esrb, FamilyView, event::GameKind};
use sea_orm::ActiveEnum;

/// Kinds of holding with what a person reads, as a copy's enum orders them.
const HOLDINGS: [(Holding, &str); 5] = [
    (Holding::Owned, "Owned"),
    (Holding::Subscription, "Subscription"),
    (Holding::FamilyShared, "Shared by the family"),
    (Holding::PlayedOnly, "Played, not held any more"),
    (Holding::Wishlist, "Wished for"),
];

const KINDS: [(GameKind, &str); 5] = [
    (GameKind::Game, "Game"),
    (GameKind::Dlc, "Additional content"),
    (GameKind::Demo, "Demo"),
    (GameKind::Extra, "Soundtrack or artbook"),
    (GameKind::Tool, "Tool"),
];

/// Whether there is a platform, or a status, of that id.
pub type Known<'a> = &'a dyn Fn(Field, &str) -> bool;

/// Reads a kind of holding.
pub fn holding(id: &str) -> Option<Holding> {
    Holding::try_from_value(&id.to_owned()).ok()
}

/// Reads a kind of game.
pub fn kind(id: &str) -> Option<GameKind> {
    let known = KINDS.iter().find(|(kind, _)| kind_text(*kind) == id);
    known.map(|(kind, _)| *kind)
}

/// Reads a rating.
pub fn rating(id: &str) -> Option<Esrb> {
    Esrb::ALL
        .into_iter()
        .find(|rating| esrb_choice(*rating).0 == id)
}

/// Whether `id` can be compared with `field`. Names are free: a genre may come with a later game.
/// What comes and goes, platforms and statuses, is known if `known` says so.
pub fn is_option(field: Field, id: &str, known: Known<'_>) -> bool {
    match field {
        Field::Platform | Field::Status => known(field, id),
        Field::HeldAs => holding(id).is_some(),
        Field::Kind => kind(id).is_some(),
        Field::AgeRating => rating(id).is_some(),
        _ => true,
    }
}

/// What a person reads for an option.
pub fn label(field: Field, id: &str, registry: &Registry, index: &Index) -> String {
    let named = match field {
        Field::Platform => Some(platform_name(registry, id)),
        Field::Status => STATUSES
            .iter()
            .find(|status| status.id == id)
            .map(|status| status.name.to_owned())
            .or_else(|| own::of_id(&index.own_statuses, id).map(|one| one.name.clone())),
        Field::HeldAs => holding(id).map(|held| held_label(held).to_owned()),
        Field::Kind => kind(id).map(|kind| kind_label(kind).to_owned()),
        Field::AgeRating => rating(id).map(|rating| esrb_choice(rating).1.to_owned()),
        _ => None,
    };
    named.unwrap_or_else(|| id.to_owned())
}

/// The same, with its key for other languages where the hub itself has named it.
pub fn phrase(field: Field, id: &str, registry: &Registry, index: &Index) -> Phrase {
    let text = label(field, id, registry, index);
    let key = match field {
        Field::Platform => Some(format!("platform.{id}.name")),
        Field::Status => STATUSES
            .iter()
            .any(|status| status.id == id)
            .then(|| format!("statusName.{id}")),
        Field::HeldAs | Field::Kind => Some(format!("value.{id}")),
        Field::AgeRating => Some(format!("rating.{id}")),
        _ => None,
    };
    Phrase { text, key }
}

/// What a person reads for a kind of holding.
pub fn held_label(held: Holding) -> &'static str {
    let found = HOLDINGS.iter().find(|(one, _)| *one == held);
    found.map_or("", |(_, label)| label)
}

/// What a person reads for a kind of game.
pub fn kind_label(kind: GameKind) -> &'static str {
    let found = KINDS.iter().find(|(one, _)| *one == kind);
    found.map_or("", |(_, label)| label)
}

/// The options of `field` with how many of the games that the viewer may see have each. Fixed
/// lists are whole and in their own order; names and platforms come with the most games first,
/// those with `like` in them, at most `most`. Texts, numbers and days have none.
pub fn options(
    field: Field,
    index: &Index,
    registry: &Registry,
    family: Option<FamilyView>,
    like: Option<&str>,
    most: usize,
) -> Vec<Choice> {
    let seen = || {
        let all = index.entries.iter();
        all.filter(move |entry| visible(family, entry.rated))
    };
    let count = |holds: &dyn Fn(&Entry) -> bool| seen().filter(|entry| holds(entry)).count() as u32;
    let fixed: Vec<Choice> = match field {
        Field::Status => STATUSES
            .iter()
            .map(|status| {
                let number = index.statuses.number(status.id);
                choice(
                    status.id,
                    status.name,
                    count(&|entry| Some(entry.status) == number),
                )
            })
            .chain(index.own_statuses.iter().map(|one| {
                let number = index.statuses.number(&one.id);
                let held = count(&|entry| number == Some(entry.status));
                choice(&one.id, &one.name, held)
            }))
            .collect(),
        Field::HeldAs => HOLDINGS
            .iter()
            .map(|(held, label)| {
                let number = count(&|entry| entry.held_as.contains(held));
                choice(&held.to_value(), label, number)
            })
            .collect(),
        Field::Kind => KINDS
            .iter()
            .map(|(kind, label)| {
                choice(kind_text(*kind), label, count(&|entry| entry.kind == *kind))
            })
            .collect(),
        Field::AgeRating => Esrb::ALL
            .into_iter()
            .map(|rating| {
                let (id, label) = esrb_choice(rating);
                choice(
                    id,
                    label,
                    count(&|entry| entry.esrb == Some(rating.level())),
                )
            })
            .collect(),
        Field::Platform => {
            let mut all = counted(&index.platforms, seen().map(|entry| &entry.platforms));
            for platform in registry.all() {
                if !all.iter().any(|one| one.id == platform.id) {
                    all.push(choice(&platform.id, &platform.name, 0));
                }
            }
            for one in &mut all {
                one.label = platform_name(registry, &one.id);
            }
            all
        }
        Field::Genre => counted(&index.genres, seen().map(|entry| &entry.genres)),
        Field::Tag => counted(&index.tags, seen().map(|entry| &entry.tags)),
        Field::MyTag => counted(&index.my_tags, seen().map(|entry| &entry.my_tags)),
        Field::Developer => counted(&index.developers, seen().map(|entry| &entry.developers)),
        _ => Vec::new(),
    };
    let mut found = fixed;
    if field == Field::Platform || field.about().shape == Shape::Names {
        found.sort_by(|a, b| {
            let key = |one: &Choice| (std::cmp::Reverse(one.count), one.label.clone());
            key(a).cmp(&key(b))
        });
    }
    if let Some(like) = like.map(fold).filter(|like| !like.is_empty()) {
        found.retain(|one| fold(&one.label).contains(&like));
    }
    found.truncate(most);
    found
}

fn choice(id: &str, label: &str, count: u32) -> Choice {
    Choice {
        id: id.to_owned(),
        label: label.to_owned(),
        count,
    }
}

fn counted<'e>(terms: &Terms, lists: impl Iterator<Item = &'e Box<[u32]>>) -> Vec<Choice> {
    let mut counts = vec![0_u32; terms.count()];
    for number in lists.flat_map(|list| list.iter()) {
        if let Some(count) = counts.get_mut(*number as usize) {
            *count += 1;
        }
    }
    let named = counts
        .into_iter()
        .enumerate()
        .filter(|(_, count)| *count > 0);
    named
        .map(|(number, count)| {
            let name = terms.label(number as u32);
            choice(name, name, count)
        })
        .collect()
}
