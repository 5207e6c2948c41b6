//! More titles, made by the rules that stores go by.

use super::Labelled;
use std::collections::BTreeSet;

/// What a store hangs on a title without making it another game.
const SAME: [&str; 8] = [
    " (PC)",
    " - Standard Edition",
    " for Windows 10",
    " [Xbox One]",
    " - Deluxe Edition",
    ": Game of the Year Edition",
    " PS4 & PS5",
    " Digital Deluxe Edition",
];

/// What makes another thing of a title, with the words by which a hand-written line says the same.
const TRAPS: [(&str, &[&str]); 13] = [
    (" Soundtrack", &["soundtrack", "ost"]),
    (" Demo", &["demo"]),
    (" Remastered", &["remaster"]),
    (" Remake", &["remake"]),
    (" VR", &["vr"]),
    (": Prologue", &["prologue"]),
    (" Playtest", &["playtest"]),
    (" - Season Pass", &["season pass"]),
    (" Dedicated Server", &["server"]),
    (" - Digital Artbook", &["artbook"]),
    (" 2", &["2", "ii"]),
    (" III", &["3", "iii"]),
    (": Legendary Edition", &["legendary"]),
];

/// Lower-case letters and digits: close enough to see that a line is there already.
fn plain(title: &str) -> String {
    title
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ')
        .collect()
}

fn says_edition(title: &str) -> bool {
    let title = title.to_lowercase();
    [
        "edition",
        "goty",
        "year",
        "cut",
        "collection",
        "complete",
        "demo",
        "soundtrack",
        "ost",
        "dlc",
        "server",
        "artbook",
        "pass",
        "(",
        "[",
    ]
    .iter()
    .any(|word| title.contains(word))
}

/// Spellings of the same title.
fn spellings(title: &str) -> Vec<String> {
    let mut all = vec![
        title.replacen(' ', "™ ", 1),
        title.replace(' ', "\u{A0}"),
        title.replace('\'', "’"),
        title.replace(": ", " - "),
        title.replace(": ", " – "),
        title.replace(": ", " "),
        title.replace(" - ", ": "),
        title.replace(" & ", " and "),
        title.replace(" and ", " & "),
        format!("\u{200B}{title}"),
        format!(" {title} "),
        title.to_uppercase(),
        title.to_lowercase(),
    ];
    if let Some(rest) = title.strip_prefix("The ") {
        all.push(format!("{rest}, The"));
    }
    if let Some((before, last)) = title.rsplit_once(' ') {
        let numbers = ["2", "3", "4", "5", "6", "7", "8", "9"];
        let romans = ["II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
        if let Some(at) = numbers.iter().position(|n| *n == last) {
            all.push(format!("{before} {}", romans[at]));
        }
        if let Some(at) = romans.iter().position(|n| *n == last) {
            all.push(format!("{before} {}", numbers[at]));
        }
    }
    all
}

/// Variants of the first title of each line, and traps, each a work of its own.
pub fn variants(lines: &[Vec<String>]) -> Vec<Labelled> {
    let known: BTreeSet<String> = lines.iter().flatten().map(|title| plain(title)).collect();
    let mut all: Vec<Labelled> = Vec::new();
    let mut trap = lines.len();
    for (work, titles) in lines.iter().enumerate() {
        let title = &titles[0];
        if title.chars().filter(|c| c.is_alphabetic()).count() < 3 {
            continue;
        }
        let mut made: BTreeSet<String> = spellings(title).into_iter().collect();
        if !says_edition(title) {
            // Not all of them, or they would outweigh the spellings.
            for at in 0..3 {
                made.insert(format!("{title}{}", SAME[(work + at * 3) % SAME.len()]));
            }
        }
        for title in made {
            let taken = titles.contains(&title)
                || lines
                    .iter()
                    .enumerate()
                    .any(|(other, titles)| other != work && titles.contains(&title));
            if !taken {
                all.push(Labelled { title, work });
            }
        }
        if says_edition(title) {
            continue;
        }
        let start = plain(title);
        for (suffix, words) in TRAPS {
            let there = known.iter().any(|known| {
                known.starts_with(&start) && words.iter().any(|word| known.contains(word))
            });
            // "HD Remastered" is what "Remastered" is.
            let twice = suffix == " Remastered" && title.ends_with("HD");
            if !there && !twice {
                let title = format!("{title}{suffix}");
                all.push(Labelled { title, work: trap });
                trap += 1;
            }
        }
    }
    all
}
