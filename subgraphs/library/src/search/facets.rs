//! How many games there would be behind every choice of a filter.
//!
//! Each facet is counted as if its own filter were not set, as in a shop: having chosen "Steam",
//! one still sees how many games GOG would bring.

use super::{
    filter::{Bound, dimension},
    index::{Entry, Index},
    page::Hit,
    terms::Terms,
};
use crate::{game::STATUSES, status::own};
use djinn_kernel::Esrb;
use std::collections::BTreeMap;

/// The most choices one facet shows.
pub const MAX_CHOICES: usize = 30;

/// One choice: what goes into the filter, what a person reads, and how many games there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What goes into the filter.
    pub id: String,
    /// What a person reads.
    pub label: String,
    /// How many games.
    pub count: u32,
}

/// All facets of a search.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By platform, the most games first.
    pub platforms: Vec<Choice>,
    /// By status, as a game goes through them.
    pub statuses: Vec<Choice>,
    /// By genre, the most games first.
    pub genres: Vec<Choice>,
    /// By ESRB rating, the mildest first, unrated last.
    pub ratings: Vec<Choice>,
    /// By decade of release, the latest first.
    pub decades: Vec<Choice>,
    /// By one's own tags, the most games first.
    pub my_tags: Vec<Choice>,
}

/// Counts running over entries.
pub struct Tally<'i> {
    index: &'i Index,
    platforms: Vec<u32>,
    statuses: Vec<u32>,
    genres: Vec<u32>,
    ratings: [u32; Esrb::ALL.len() + 1],
    decades: BTreeMap<i32, u32>,
    my_tags: Vec<u32>,
}

impl<'i> Tally<'i> {
    /// All zero.
    pub fn new(index: &'i Index) -> Self {
        Self {
            index,
            platforms: vec![0; index.platforms.count()],
            statuses: vec![0; index.statuses.count()],
            genres: vec![0; index.genres.count()],
            ratings: [0; Esrb::ALL.len() + 1],
            decades: BTreeMap::new(),
            my_tags: vec![0; index.my_tags.count()],
        }
    }

    /// Counts `entry` in every facet that alone keeps it out, or in all when nothing does.
    pub fn add(&mut self, entry: &Entry, misses: u8) {
        let counts = |dimension: u8| misses & !dimension == 0;
        if counts(dimension::PLATFORM) {
            bump(&mut self.platforms, &entry.platforms);
        }
        if counts(dimension::STATUS) {
            bump(&mut self.statuses, &[entry.status]);
        }
        if counts(dimension::GENRE) {
            bump(&mut self.genres, &entry.genres);
        }
        if counts(dimension::RATING) {
            let rating = entry.esrb.and_then(Esrb::from_level);
            let slot = rating.map_or(Esrb::ALL.len(), |rating| rating.level() as usize);
            self.ratings[slot] += 1;
        }
        if counts(dimension::DECADE)
            && let Some(year) = entry.year
        {
            *self.decades.entry(year.div_euclid(10) * 10).or_default() += 1;
        }
        if counts(dimension::MY_TAG) {
            bump(&mut self.my_tags, &entry.my_tags);
        }
    }

    /// The choices; platforms are called as `platform_name` says.
    pub fn facets(self, platform_name: impl Fn(&str) -> String) -> Facets {
        let status = |id: &str| STATUSES.iter().position(|status| status.id == id);
        let mut statuses = counted(&self.index.statuses, &self.statuses);
        statuses.sort_by_key(|choice| status(&choice.id).unwrap_or(STATUSES.len()));
        for choice in &mut statuses {
            let name = match status(&choice.id) {
                Some(at) => STATUSES[at].name,
                None => own::name_of(&self.index.own_statuses, &choice.id),
            };
            choice.label = name.to_owned();
        }
        let mut platforms = counted(&self.index.platforms, &self.platforms);
        for choice in &mut platforms {
            choice.label = platform_name(&choice.id);
        }
        let ratings = Esrb::ALL
            .iter()
            .map(|rating| esrb_choice(*rating))
            .chain([("UNRATED", "Unrated")]);
        let ratings = ratings.zip(self.ratings).filter(|(_, count)| *count > 0);
        Facets {
            platforms: largest(platforms),
            statuses,
            genres: largest(counted(&self.index.genres, &self.genres)),
            my_tags: largest(counted(&self.index.my_tags, &self.my_tags)),
            ratings: ratings
                .map(|((id, label), count)| Choice {
                    id: id.to_owned(),
                    label: label.to_owned(),
                    count,
                })
                .collect(),
            decades: self
                .decades
                .into_iter()
                .rev()
                .take(MAX_CHOICES)
                .map(|(decade, count)| Choice {
                    id: decade.to_string(),
                    label: format!("{decade}s"),
                    count,
                })
                .collect(),
        }
    }
}

/// The facets of everything in `candidates`, under `filter`.
pub fn count(
    index: &Index,
    candidates: &[Hit],
    filter: &Bound,
    platform_name: impl Fn(&str) -> String,
) -> Facets {
    let mut tally = Tally::new(index);
    for hit in candidates {
        let entry = &index.entries[hit.at as usize];
        tally.add(entry, filter.misses(entry));
    }
    tally.facets(platform_name)
}

fn bump(counts: &mut [u32], numbers: &[u32]) {
    for &number in numbers {
        if let Some(count) = counts.get_mut(number as usize) {
            *count += 1;
        }
    }
}

fn counted(terms: &Terms, counts: &[u32]) -> Vec<Choice> {
    let named = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    named
        .map(|(number, &count)| {
            let label = terms.label(number as u32);
            Choice {
                id: label.to_owned(),
                label: label.to_owned(),
                count,
            }
        })
        .collect()
}

fn largest(mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.sort_by(|a, b| {
        b.count
            .cmp(&a.count)
            .then_with(|| a.label.cmp(&b.label))
            .then_with(|| a.id.cmp(&b.id))
    });
    choices.truncate(MAX_CHOICES);
    choices
}

/// A rating as the graph writes it, and as people do.
pub const fn esrb_choice(rating: Esrb) -> (&'static str, &'static str) {
    match rating {
        Esrb::EarlyChildhood => ("EARLY_CHILDHOOD", "Early Childhood"),
        Esrb::Everyone => ("EVERYONE", "Everyone"),
        Esrb::Everyone10 => ("EVERYONE_10", "Everyone 10+"),
        Esrb::Teen => ("TEEN", "Teen"),
        Esrb::Mature => ("MATURE", "Mature 17+"),
        Esrb::AdultsOnly => ("ADULTS_ONLY", "Adults Only 18+"),
    }
}
