//! What other catalogues know: that products of several stores are one work of theirs.
//!
//! IGDB's external games and GOG's GamesDB say so. Their users write them, and some write nonsense
//! (`test`, `generic`, another game's id): so this is evidence, and never the only word. Products
//! that such a catalogue joins become one game only when nothing in their titles contradicts it,
//! see [`agree`].

use super::{STANDALONE_EDITIONS, entity::matched, key::TitleKey, sells_one_of_each};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The platforms whose ids are believed.
const PLATFORMS: [&str; 8] = [
    "steam",
    "gog",
    "epic",
    "xbox",
    "psn",
    "playstation",
    "itch",
    "amazon",
];

/// Ids that mean nothing, as they stand in the catalogues.
const JUNK: [&str; 6] = ["test", "generic", "unknown", "null", "none", "0"];

/// The most products one work has. More is a catch-all that somebody fills with everything.
pub const MOST: usize = 40;

/// Whether a product's id can be believed to be one.
pub fn usable(platform: &str, store_id: &str) -> bool {
    let digits = || store_id.bytes().all(|b| b.is_ascii_digit());
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    PLATFORMS.contains(&platform)
        && (1..=64).contains(&store_id.len())
        && store_id.bytes().all(word)
        && !JUNK.contains(&store_id.to_ascii_lowercase().as_str())
        && match platform {
            "steam" => digits() && store_id.len() <= 10,
            "gog" => digits(),
            _ => true,
        }
}

/// Whether nothing speaks against taking two sets of products for one game: they are of one kind
/// and one release, their numbers and years are the same, and no store sells both.
pub fn agree(one: &[&matched::Model], other: &[&matched::Model]) -> bool {
    let (Some(first), Some(second)) = (one.first(), other.first()) else {
        return false;
    };
    let (mine, theirs) = (TitleKey::of(&first.title), TitleKey::of(&second.title));
    if (mine.kind, &mine.marker, &mine.work) != (theirs.kind, &theirs.marker, &theirs.work)
        || mine.numbers() != theirs.numbers()
        || standalone(one) != standalone(other)
    {
        return false;
    }
    let years = |rows: &[&matched::Model]| -> BTreeSet<i32> {
        rows.iter()
            .filter_map(|row| TitleKey::of(&row.title).year.or(row.year))
            .collect()
    };
    let (mine, theirs) = (years(one), years(other));
    let near = mine
        .iter()
        .any(|year| theirs.iter().any(|other| (year - other).abs() <= 1));
    if !(mine.is_empty() || theirs.is_empty() || near) {
        return false;
    }
    let products = products(one);
    self::products(other)
        .iter()
        .all(|(platform, id)| products.get(platform).is_none_or(|mine| mine == id))
}

/// Editions that are another product under the same name.
fn standalone(rows: &[&matched::Model]) -> BTreeSet<String> {
    rows.iter()
        .flat_map(|row| {
            let key = TitleKey::of(&row.title);
            let names: Vec<String> = key.edition.split('+').map(str::to_owned).collect();
            names
        })
        .filter(|name| STANDALONE_EDITIONS.contains(&name.as_str()))
        .collect()
}

fn products<'a>(rows: &[&'a matched::Model]) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut products: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        if let Some(id) = row.store_id.as_deref()
            && sells_one_of_each(&row.platform)
        {
            products.entry(&row.platform).or_default().insert(id);
        }
    }
    products
}

/// Joins those of `clusters` that a work of another catalogue joins and nothing tells apart. The
/// order they come in does not matter: the works are taken in the order of their ids.
pub fn join(
    mut clusters: Vec<BTreeSet<Uuid>>,
    works: &BTreeMap<(String, String), BTreeSet<Uuid>>,
    rows: &BTreeMap<Uuid, matched::Model>,
) -> Vec<BTreeSet<Uuid>> {
    // So that the outcome is a function of what is known, not of who came first.
    let by_name = |cluster: &BTreeSet<Uuid>| {
        cluster
            .iter()
            .filter_map(|id| rows.get(id))
            .map(|row| row.identity.clone())
            .min()
    };
    clusters.sort_by_cached_key(by_name);
    for matches in works.values() {
        let mut i = 0;
        while i < clusters.len() {
            if clusters[i].is_disjoint(matches) {
                i += 1;
                continue;
            }
            let mut j = i + 1;
            while j < clusters.len() {
                let of = |cluster: &BTreeSet<Uuid>| -> Vec<&matched::Model> {
                    cluster.iter().filter_map(|id| rows.get(id)).collect()
                };
                if !clusters[j].is_disjoint(matches) && agree(&of(&clusters[i]), &of(&clusters[j]))
                {
                    let more = clusters.remove(j);
                    clusters[i].extend(more);
                } else {
                    j += 1;
                }
            }
            i += 1;
        }
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u128, identity: &str, title: &str, year: Option<i32>) -> matched::Model {
        let (platform, store_id) = identity.split_once(':').unwrap();
        matched::Model {
            id: Uuid::from_u128(n),
            identity: identity.to_owned(),
            platform: platform.to_owned(),
            store_id: Some(store_id.to_owned()),
            title: title.to_owned(),
            group_key: TitleKey::of(title).group(),
            base_key: Some(TitleKey::of(title).base),
            year,
            store_year: None,
            vouched: false,
            imported: None,
            game_id: Uuid::nil(),
            how: String::new(),
            at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn ids_of_platforms_nobody_checks_are_left_out() {
        assert!(
            usable("steam", "323580") && usable("psn", "CUSA05293_00") && usable("epic", "Grouse")
        );
        for (platform, id) in [
            ("pirate", "1"),
            ("steam", "abc"),
            ("steam", "99999999999"),
            ("gog", "x1"),
            ("epic", "test"),
            ("epic", "Generic"),
            ("itch", "../path"),
            ("xbox", ""),
        ] {
            assert!(!usable(platform, id), "{platform}:{id}");
        }
    }

    #[test]
    fn a_catalogue_of_ids_joins_what_titles_do_not_and_never_against_them() {
        for (one, other, joins) in [
            (("steam:1", "GRIP"), ("gog:2", "GRIP: Combat Racing"), true),
            (("steam:1", "Nioh 2"), ("psn:A", "仁王2"), true),
            (("steam:1", "Gothic"), ("gog:2", "Gothic 3"), false),
            (("steam:1", "Foo"), ("gog:2", "Foo Soundtrack"), false),
            (("steam:1", "Foo"), ("gog:2", "Foo Remastered"), false),
            (("steam:1", "Foo"), ("steam:2", "Foo: Origins"), false),
            (
                ("steam:1", "Mass Effect"),
                ("xbox:2", "Mass Effect Legendary Edition"),
                false,
            ),
        ] {
            let (one, other) = (row(1, one.0, one.1, None), row(2, other.0, other.1, None));
            assert_eq!(
                agree(&[&one], &[&other]),
                joins,
                "{} / {}",
                one.title,
                other.title
            );
        }
        let (old, new) = (
            row(1, "gog:1", "Foo", Some(1996)),
            row(2, "psn:2", "Foo X", Some(2013)),
        );
        assert!(!agree(&[&old], &[&new]));
    }
}
