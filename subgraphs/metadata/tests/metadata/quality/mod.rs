//! How often titles alone lead to the right game: the gates of the automatic tier.
//!
//! `titles.txt` was written by hand. [`variants`] makes more of it by the rules stores go by, and
//! traps: what belongs to a game and is not it.

mod variants;

use djinn_metadata::matching::{Evidence, games, key::TitleKey};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A title and the work it names.
pub struct Labelled {
    pub title: String,
    pub work: usize,
}

/// The hand-written lines.
pub fn lines() -> Vec<Vec<String>> {
    include_str!("titles.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" = ").map(str::to_owned).collect())
        .collect()
}

/// A title as a copy of either of two platforms.
struct Known {
    group: String,
    as_one: Evidence,
    as_other: Evidence,
}

impl Known {
    fn of(title: &str) -> Self {
        let key = TitleKey::of(title);
        Self {
            as_one: Evidence::with("one", "xbox", None, &key, None),
            as_other: Evidence::with("other", "psn", None, &key, None),
            group: key.group(),
        }
    }

    /// Whether the hub would make two titles one game, when all it has is the titles.
    fn same(&self, other: &Self) -> bool {
        let both = [self.as_one.clone(), other.as_other.clone()];
        self.group == other.group && games(&both).len() == 1
    }
}

fn same(one: &str, other: &str) -> bool {
    Known::of(one).same(&Known::of(other))
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[test]
fn the_hand_written_titles_are_many_and_each_stands_once() {
    let lines = lines();
    assert!(lines.len() > 500, "{} works", lines.len());
    let all: Vec<&String> = lines.iter().flatten().collect();
    let mut seen = BTreeSet::new();
    for title in &all {
        assert!(seen.insert(*title), "{title} stands twice");
        assert_eq!(title.trim(), title.as_str());
    }
}

/// Each pair of titles in the whole set: a store's list held against another's.
#[test]
fn of_all_pairs_none_is_merged_wrongly_and_most_are_found() {
    let mut labelled = Vec::new();
    for (work, titles) in lines().into_iter().enumerate() {
        labelled.extend(titles.into_iter().map(|title| Labelled { title, work }));
    }
    let hand = labelled.len();
    labelled.extend(variants::variants(&lines()));
    let (mut right, mut wrong) = (0, Vec::new());
    let mut groups: BTreeMap<String, Vec<(&Labelled, Known)>> = BTreeMap::new();
    for one in &labelled {
        let known = Known::of(&one.title);
        let group = groups.entry(known.group.clone()).or_default();
        group.push((one, known));
    }
    // What is not in one group is never merged.
    for titles in groups.values() {
        for (at, (one, known)) in titles.iter().enumerate() {
            for (other, other_known) in &titles[at + 1..] {
                match (one.work == other.work, known.same(other_known)) {
                    (true, true) => right += 1,
                    (false, true) => wrong.push(format!("{} / {}", one.title, other.title)),
                    (_, false) => {}
                }
            }
        }
    }
    let mut works: HashMap<usize, usize> = HashMap::new();
    for one in &labelled {
        *works.entry(one.work).or_default() += 1;
    }
    let pairs: usize = works.values().map(|n| n * (n - 1) / 2).sum();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let recall = share(right, pairs);
    assert!(
        recall >= 0.93,
        "{right} of {pairs} pairs among {} titles ({hand} by hand): {recall:.4}",
        labelled.len()
    );
}

/// The hand-written pairs alone, which are the hard ones.
#[test]
fn of_the_hand_written_pairs_nine_in_ten_are_found() {
    let (mut right, mut all, mut missed) = (0, 0, Vec::new());
    for titles in lines() {
        for (at, one) in titles.iter().enumerate() {
            for other in &titles[at + 1..] {
                all += 1;
                if same(one, other) {
                    right += 1;
                } else {
                    missed.push(format!("{one} / {other}"));
                }
            }
        }
    }
    let recall = share(right, all);
    assert!(recall >= 0.90, "{recall:.4}: {missed:#?}");
}

/// A store's titles against a catalogue with one title of each work, as when a library is matched
/// to what the hub knows.
#[test]
fn titles_find_their_work_in_a_catalogue() {
    let lines = lines();
    let mut catalogue: HashMap<String, Vec<(usize, &str)>> = HashMap::new();
    for (work, titles) in lines.iter().enumerate() {
        let group = TitleKey::of(&titles[0]).group();
        catalogue.entry(group).or_default().push((work, &titles[0]));
    }
    let mut asked: Vec<Labelled> = Vec::new();
    for (work, titles) in lines.iter().enumerate() {
        let more = titles[1..].iter().cloned();
        asked.extend(more.map(|title| Labelled { title, work }));
    }
    asked.extend(variants::variants(&lines));
    let (mut found, mut right, mut there, mut wrong) = (0, 0, 0, Vec::new());
    for one in &asked {
        // A trap's work is in no catalogue.
        there += usize::from(one.work < lines.len());
        let known = catalogue.get(&TitleKey::of(&one.title).group());
        let matches: Vec<usize> = known
            .into_iter()
            .flatten()
            .filter(|(_, title)| same(title, &one.title))
            .map(|(work, _)| *work)
            .collect();
        // Where several fit, nobody is asked to guess.
        if let [work] = matches[..] {
            found += 1;
            if work == one.work {
                right += 1;
            } else {
                wrong.push(format!("{} → {}", one.title, lines[work][0]));
            }
        }
    }
    let (precision, recall) = (share(right, found), share(right, there));
    assert!(precision >= 0.995, "{precision:.4}: {wrong:#?}");
    assert!(recall >= 0.92, "{recall:.4} of {} titles", asked.len());
}

#[test]
fn a_megabyte_of_title_is_compared_in_no_time() {
    let begun = std::time::Instant::now();
    for filler in ["a", "the ", "ii ", "(", "™", "ﷺ", "ö\u{301}", "2 edition "] {
        let long = filler.repeat(1_000_000 / filler.len());
        assert!(!same(&long, "Portal"));
        assert!(!same(&long, &format!("{long} 2")));
    }
    assert!(begun.elapsed().as_secs() < 60);
}
