//! Matching titles against a catalogue, in this process and on one core.

use crate::report::{Figure, Goal, Report, Unit};
use djinn_metadata::matching::{Evidence, games, key::TitleKey};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

const WORDS: [&str; 32] = [
    "Amber", "Basalt", "Cinder", "Dusk", "Ember", "Frost", "Gale", "Harbor", "Iron", "Jade",
    "Kingdom", "Legend", "Mirror", "Night", "Ocean", "Pilgrim", "Quarry", "River", "Shadow",
    "Tower", "Umber", "Valley", "Winter", "Yonder", "Zephyr", "Crown", "Drift", "Empire", "Forge",
    "Garden", "Hollow", "Island",
];
const ENDS: [&str; 8] = [
    "",
    " II",
    " 3",
    ": Origins",
    " Remastered",
    " Soundtrack",
    " VR",
    " IV",
];
const HUNG_ON: [&str; 6] = [
    "",
    "™",
    " - Deluxe Edition",
    ": Game of the Year Edition",
    " (PC)",
    " for Windows 10",
];

fn title(n: usize) -> String {
    let word = |at: u32| WORDS[n / 32_usize.pow(at) % 32];
    format!(
        "The {} of {} {}{}",
        word(0),
        word(1),
        word(2),
        ENDS[n / 7 % ENDS.len()]
    )
}

/// Whether two titles of two stores are one game.
fn same(one: &str, other: &str) -> bool {
    let evidence = [
        Evidence::new("one", "xbox", None, one, None),
        Evidence::new("other", "psn", None, other, None),
    ];
    games(&evidence).len() == 1
}

/// 10,000 titles against a catalogue of 100,000, and a title of a megabyte.
pub fn measure(quick: bool, report: &mut Report) {
    let (catalogue, asked) = if quick {
        (10_000, 1_000)
    } else {
        (100_000, 10_000)
    };
    let titles: Vec<String> = (0..catalogue).map(title).collect();
    let begun = Instant::now();
    let mut groups: HashMap<String, Vec<usize>> = HashMap::with_capacity(catalogue);
    for (n, title) in titles.iter().enumerate() {
        groups
            .entry(TitleKey::of(title).group())
            .or_default()
            .push(n);
    }
    let keys = begun.elapsed();
    let mut missed = 0;
    for n in 0..asked {
        let n = n * (catalogue / asked);
        let title = format!("{}{}", title(n).to_uppercase(), HUNG_ON[n % HUNG_ON.len()]);
        let found = groups.get(&TitleKey::of(&title).group());
        let fits = found
            .into_iter()
            .flatten()
            .any(|known| same(&titles[*known], &title));
        missed += usize::from(!fits);
    }
    let matched = begun.elapsed();
    report.add(Figure::new(
        format!("keys of {catalogue} titles"),
        keys.as_secs_f64(),
        Unit::Seconds,
    ));
    report.add(
        Figure::new(
            format!("{asked} titles against those, keys and all"),
            matched.as_secs_f64(),
            Unit::Seconds,
        )
        .against(Goal::gate(3.0, 1.0)),
    );
    report.add(
        Figure::new(
            "titles that missed their game",
            f64::from(missed as u32),
            Unit::Count,
        )
        .against(Goal::gate(asked as f64 * 0.08, 1.0)),
    );
    let slowest = ["a", "the ", "ii ", "(", "™", "ﷺ", "x.", ", the"]
        .into_iter()
        .map(|filler| {
            let long = filler.repeat(1_000_000 / filler.len());
            let begun = Instant::now();
            let key = TitleKey::of(&long);
            assert!(!key.base.is_empty());
            begun.elapsed()
        })
        .max()
        .unwrap_or(Duration::ZERO);
    report.add(
        Figure::new(
            "a title of a megabyte",
            slowest.as_secs_f64() * 1e3,
            Unit::Milliseconds,
        )
        .against(Goal::gate(50.0, 1.0)),
    );
}
