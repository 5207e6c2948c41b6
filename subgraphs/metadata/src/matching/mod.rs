//! Which copies are of the same game.
//!
//! Exact ids first: one product of one store is one game. Products of different stores meet by
//! the structured key of their titles ([`key`]), guarded by years and by what one store sells side
//! by side. A wrong merge hides a game and a missed one shows it twice, so doubt keeps apart.
//!
//! Other catalogues' ids ([`external_ids`]) join what titles alone do not, where nothing in them
//! contradicts it.
//!
//! The outcome is a function of all evidence under a key, computed anew when some arrives: so it
//! does not depend on the order in which libraries are imported. What a household decides about
//! its own copies is laid over it ([`crate::decision`]).

pub mod claim;
pub mod compose;
pub mod entity;
pub mod external_ids;
mod gather;
mod kept;
pub mod key;
pub mod platform;
pub mod proof;
mod round;
pub mod service;
pub mod store;
pub mod tell;

use crate::game::title::is_poor;
use key::TitleKey;
pub use key::{OTHER_PRODUCTS, STANDALONE_EDITIONS};
use std::collections::{BTreeMap, BTreeSet};

/// Stores where two products of the same name are two games. Console stores are not here: they
/// list the generations of one game side by side.
const ONE_PRODUCT_PER_GAME: [&str; 3] = ["steam", "gog", "epic"];

/// Whether two products of one name on that platform are two games.
pub fn sells_one_of_each(platform: &str) -> bool {
    ONE_PRODUCT_PER_GAME.contains(&platform)
}

/// One product of a store, or a copy that names none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Unique: `steam:70`, or the copy's id.
    pub identity: String,
    /// The platform's id.
    pub platform: String,
    /// The platform's own id of the product.
    pub store_id: Option<String>,
    /// The editions in its title.
    pub edition: String,
    /// The year of release, when known.
    pub year: Option<i32>,
    /// Whether the title itself carries the year, which says that there are others of that name.
    pub tagged: bool,
    /// The year the store's page gives. Old games are sold anew under later dates, so it may help
    /// to choose between works and never tells two apart.
    pub store_year: Option<i32>,
}

impl Evidence {
    /// Reads a title as evidence.
    pub fn new(
        identity: &str,
        platform: &str,
        store_id: Option<&str>,
        title: &str,
        year: Option<i32>,
    ) -> Self {
        Self::with(identity, platform, store_id, &TitleKey::of(title), year)
    }

    /// The same, of a title that was taken apart before.
    pub fn with(
        identity: &str,
        platform: &str,
        store_id: Option<&str>,
        key: &TitleKey,
        year: Option<i32>,
    ) -> Self {
        Self {
            identity: identity.to_owned(),
            platform: platform.to_owned(),
            store_id: store_id.map(str::to_owned),
            edition: key.edition.clone(),
            year: key.year.or(year),
            tagged: key.year.is_some(),
            store_year: None,
        }
    }

    /// The product, where two of them in one store are two games.
    fn product(&self) -> Option<(&str, &str)> {
        let store_id = self.store_id.as_deref()?;
        sells_one_of_each(&self.platform).then_some((self.platform.as_str(), store_id))
    }
}

/// Splits what one group of titles stands for into games. The order of `evidence` does not matter.
pub fn games(evidence: &[Evidence]) -> Vec<Vec<&Evidence>> {
    let mut sorted: Vec<&Evidence> = evidence.iter().collect();
    sorted.sort();
    by_year(sorted).into_iter().flat_map(by_product).collect()
}

/// Whether two titles cannot be one product's: side by side they would be two games. That one goes
/// on with the other's words says nothing, since a series is named so. A placeholder contradicts
/// nothing.
pub fn contradict(one: &str, other: &str) -> bool {
    if is_poor(one) || is_poor(other) {
        return false;
    }
    let (one, other) = (TitleKey::of(one), TitleKey::of(other));
    let evidence = |identity: &str, key: &TitleKey| Evidence::with(identity, "", None, key, None);
    let both = [evidence("one", &one), evidence("other", &other)];
    one.group() != other.group() || games(&both).len() > 1
}

/// Years at most one apart go together. What has no year goes where the store's page points, or
/// joins them when there is no choice.
fn by_year(sorted: Vec<&Evidence>) -> Vec<Vec<&Evidence>> {
    let (mut known, mut unknown): (Vec<_>, Vec<_>) =
        sorted.into_iter().partition(|item| item.year.is_some());
    known.sort_by_key(|item| item.year);
    let mut buckets: Vec<Vec<&Evidence>> = Vec::new();
    for item in known {
        match buckets.last_mut() {
            Some(bucket) if near(bucket[0].year, item.year) => bucket.push(item),
            _ => buckets.push(vec![item]),
        }
    }
    if let [only] = buckets.as_mut_slice()
        && !only.iter().any(|item| item.tagged)
    {
        only.append(&mut unknown);
        return buckets;
    }
    let years: Vec<BTreeSet<Option<i32>>> = buckets
        .iter()
        .map(|bucket| bucket.iter().map(|item| item.year).collect())
        .collect();
    unknown.retain(|item| {
        let points_to =
            |years: &BTreeSet<Option<i32>>| years.iter().all(|year| near(*year, item.store_year));
        let mut there = (0..years.len()).filter(|bucket| points_to(&years[*bucket]));
        match (there.next(), there.next()) {
            (Some(bucket), None) => {
                buckets[bucket].push(item);
                false
            }
            _ => true,
        }
    });
    if !unknown.is_empty() {
        buckets.push(unknown);
    }
    buckets
}

fn near(one: Option<i32>, other: Option<i32>) -> bool {
    one.zip(other)
        .is_some_and(|(one, other)| (one - other).abs() <= 1)
}

/// Editions join the base game, unless a store sells both; two products of one store stay two.
fn by_product(bucket: Vec<&Evidence>) -> Vec<Vec<&Evidence>> {
    let mut editions: BTreeMap<&str, Vec<&Evidence>> = BTreeMap::new();
    for item in bucket {
        editions
            .entry(item.edition.as_str())
            .or_default()
            .push(item);
    }
    let mut games: Vec<Vec<&Evidence>> = Vec::new();
    // Games that another edition may still join, with the products they have.
    let mut open: Vec<(usize, BTreeMap<&str, &str>)> = Vec::new();
    // The base game comes first: its edition is the empty string.
    for (edition, items) in editions {
        let mut products: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (platform, store_id) in items.iter().filter_map(|item| item.product()) {
            products.entry(platform).or_default().insert(store_id);
        }
        // Two of the same name in one store: which of them another store's copy is, nobody knows.
        let (alone, together): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| {
            item.product()
                .is_some_and(|(platform, _)| products[platform].len() > 1)
        });
        let mut apart: BTreeMap<Option<(&str, &str)>, Vec<&Evidence>> = BTreeMap::new();
        for item in alone {
            apart.entry(item.product()).or_default().push(item);
        }
        games.extend(apart.into_values());
        if together.is_empty() {
            continue;
        }
        let has: BTreeMap<&str, &str> = together.iter().filter_map(|item| item.product()).collect();
        let standalone = edition
            .split('+')
            .any(|name| STANDALONE_EDITIONS.contains(&name));
        let room = open.iter_mut().find(|(_, theirs)| {
            !standalone
                && has
                    .iter()
                    .all(|(platform, id)| theirs.get(platform).is_none_or(|other| other == id))
        });
        if let Some((game, theirs)) = room {
            games[*game].extend(together);
            theirs.extend(has);
        } else {
            if !standalone {
                open.push((games.len(), has));
            }
            games.push(together);
        }
    }
    games
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(identity: &str, title: &str, year: Option<i32>) -> Evidence {
        let (platform, store_id) = identity.split_once(':').unwrap_or(("manual", ""));
        Evidence::new(
            identity,
            platform,
            (!store_id.is_empty()).then_some(store_id),
            title,
            year,
        )
    }

    fn split(items: &[Evidence]) -> Vec<Vec<&str>> {
        let mut games: Vec<Vec<&str>> = games(items)
            .into_iter()
            .map(|game| {
                let mut ids: Vec<&str> = game
                    .into_iter()
                    .map(|item| item.identity.as_str())
                    .collect();
                ids.sort_unstable();
                ids
            })
            .collect();
        games.sort();
        games
    }

    #[test]
    fn years_tell_works_of_one_name_apart() {
        let items = [
            item("gog:1", "Prey", Some(2006)),
            item("epic:2", "Prey", Some(2017)),
            item("xbox:3", "Prey", Some(2016)),
        ];
        assert_eq!(split(&items), [vec!["epic:2", "xbox:3"], vec!["gog:1"]]);
    }

    #[test]
    fn a_copy_without_a_year_joins_only_when_there_is_no_choice() {
        let known = item("gog:1", "Prey", Some(2006));
        let unknown = item("xbox:3", "Prey", None);
        assert_eq!(
            split(&[known.clone(), unknown.clone()]),
            [vec!["gog:1", "xbox:3"]]
        );
        let other = item("epic:2", "Prey", Some(2017));
        assert_eq!(
            split(&[known, unknown, other]),
            [vec!["epic:2"], vec!["gog:1"], vec!["xbox:3"]]
        );
    }

    #[test]
    fn a_year_in_the_title_warns_of_others_with_that_name() {
        let items = [
            item("xbox:1", "DOOM (1993)", None),
            item("steam:379720", "DOOM", None),
        ];
        assert_eq!(split(&items).len(), 2);
    }

    #[test]
    fn a_stores_own_date_helps_to_choose_and_never_separates() {
        let mut steam = item("steam:379720", "DOOM", None);
        steam.store_year = Some(2016);
        let (old, new) = (
            item("gog:1", "DOOM", Some(1993)),
            item("xbox:2", "DOOM (2016)", None),
        );
        let all = [steam.clone(), old.clone(), new];
        assert_eq!(split(&all), [vec!["gog:1"], vec!["steam:379720", "xbox:2"]]);
        // Sold anew long after its release.
        assert_eq!(split(&[steam, old]).len(), 1);
    }

    #[test]
    fn an_edition_is_the_same_game_unless_one_store_sells_both() {
        let goty = item("gog:1", "Fallout 3: Game of the Year Edition", None);
        let base = item("xbox:9", "Fallout 3", None);
        assert_eq!(split(&[goty.clone(), base.clone()]).len(), 1);
        let both = [
            item("steam:22300", "Fallout 3", None),
            item("steam:22370", "Fallout 3 GOTY", None),
            goty,
            base,
        ];
        assert_eq!(
            split(&both),
            [vec!["gog:1", "steam:22370"], vec!["steam:22300", "xbox:9"]]
        );
    }

    #[test]
    fn two_products_of_one_store_with_one_name_are_two_games() {
        let items = [
            item("steam:1", "Prey", None),
            item("steam:2", "Prey", None),
            item("psn:3", "Prey", None),
        ];
        assert_eq!(split(&items).len(), 3);
    }

    #[test]
    fn console_generations_of_one_game_stay_one() {
        assert_eq!(
            split(&[item("psn:a", "Stray", None), item("psn:b", "Stray", None)]).len(),
            1
        );
    }

    #[test]
    fn a_boxed_trilogy_is_not_its_first_part() {
        let items = [
            item("steam:1", "Mass Effect", None),
            item("xbox:2", "Mass Effect Legendary Edition", None),
        ];
        assert_eq!(split(&items).len(), 2);
    }

    #[test]
    fn titles_contradict_where_they_would_be_two_games() {
        for (one, other, contradicting) in [
            ("Riddle", "RIDDLE\u{2122} Deluxe Edition", false),
            ("Portal 2", "Portal 2 - Game of the Year Edition", false),
            ("Quake IV", "Quake 4", false),
            ("App 70", "Half-Life", false),
            ("Riddle", "Puzzle Kids", true),
            ("Portal", "Portal Stories: Mel", true),
            ("Doom", "Doom Eternal", true),
            ("Doom", "Doom 3", true),
            ("Portal", "Portal Soundtrack", true),
            ("Dark Souls", "Dark Souls: Remastered", true),
            ("Mass Effect", "Mass Effect Legendary Edition", true),
            ("Prey (2006)", "Prey (2017)", true),
        ] {
            assert_eq!(contradict(one, other), contradicting, "{one} / {other}");
            assert_eq!(contradict(other, one), contradicting, "{other} / {one}");
        }
    }
}
