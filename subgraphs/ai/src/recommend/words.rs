//! How text is compared: words without case, hyphens or plural, and a few names for one thing.

/// The words of `text`: runs of letters and digits, lower case.
pub fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .map(|word| {
            word.chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect::<String>()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// `text` as one word: `Co-op`, `co op` and `Coop` are the same.
pub fn squash(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// `word` without a plural's end.
pub fn stem(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() >= 3 && !stem.ends_with('s') => stem,
        _ => word,
    }
}

/// Words that say nothing about a game.
const EMPTY: &[&str] = &[
    "a",
    "about",
    "after",
    "all",
    "am",
    "an",
    "and",
    "any",
    "anything",
    "are",
    "as",
    "at",
    "backlog",
    "be",
    "but",
    "by",
    "can",
    "cool",
    "do",
    "feel",
    "feeling",
    "few",
    "find",
    "for",
    "from",
    "fun",
    "game",
    "games",
    "gaming",
    "get",
    "give",
    "go",
    "good",
    "great",
    "have",
    "i",
    "id",
    "if",
    "im",
    "in",
    "is",
    "it",
    "its",
    "just",
    "kind",
    "let",
    "lets",
    "library",
    "like",
    "looking",
    "lot",
    "lots",
    "love",
    "maybe",
    "me",
    "mood",
    "more",
    "much",
    "my",
    "myself",
    "need",
    "new",
    "next",
    "nice",
    "now",
    "of",
    "on",
    "or",
    "our",
    "own",
    "play",
    "played",
    "playing",
    "please",
    "really",
    "recommend",
    "recommendation",
    "recommendations",
    "should",
    "similar",
    "some",
    "something",
    "suggest",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "thing",
    "things",
    "this",
    "time",
    "title",
    "titles",
    "to",
    "today",
    "too",
    "try",
    "unplayed",
    "up",
    "very",
    "want",
    "we",
    "what",
    "whats",
    "when",
    "which",
    "while",
    "will",
    "with",
    "would",
    "you",
    "your",
];

/// Whether `word` says nothing about a game.
pub fn is_empty(word: &str) -> bool {
    EMPTY.binary_search(&word).is_ok()
}

/// What people say, and what stores call it (squashed).
const OTHER_NAMES: &[(&str, &[&str])] = &[
    ("challenging", &["difficult", "soulslike"]),
    ("chill", &["relaxing", "cozy", "casual"]),
    (
        "couch",
        &["localcoop", "localmultiplayer", "sharedsplitscreen"],
    ),
    ("cozy", &["cosy", "relaxing", "wholesome"]),
    ("cosy", &["cozy", "relaxing", "wholesome"]),
    ("family", &["familyfriendly", "familysharing"]),
    ("fps", &["firstpersonshooter", "shooter"]),
    (
        "friends",
        &["coop", "multiplayer", "onlinecoop", "localmultiplayer"],
    ),
    ("funny", &["comedy", "humor", "humour"]),
    ("hard", &["difficult", "soulslike"]),
    ("jrpg", &["japaneserpg"]),
    ("kids", &["familyfriendly"]),
    ("moba", &["multiplayeronlinebattlearena"]),
    ("mmo", &["massivelymultiplayer", "mmorpg"]),
    ("relaxed", &["relaxing", "cozy", "casual"]),
    ("relaxing", &["cozy", "casual", "wholesome"]),
    ("rogue", &["roguelike", "roguelite"]),
    ("roguelike", &["roguelite"]),
    ("roleplaying", &["rpg"]),
    ("rpg", &["roleplaying", "roleplayinggame", "roleplayingrpg"]),
    ("rts", &["realtimestrategy"]),
    (
        "scary",
        &["horror", "survivalhorror", "psychologicalhorror"],
    ),
    ("scifi", &["sciencefiction"]),
    ("spooky", &["horror"]),
    ("sciencefiction", &["scifi"]),
    ("story", &["storyrich", "narrative", "visualnovel"]),
    ("together", &["coop", "multiplayer"]),
    ("violent", &["gore"]),
];

/// Other names for a squashed word or phrase, not counting itself.
pub fn other_names(squashed: &str) -> &'static [&'static str] {
    OTHER_NAMES
        .iter()
        .find(|(said, _)| *said == squashed)
        .map_or(&[], |(_, names)| names)
}

/// How well what was said names a feature: 1 for the whole name, less for a part of it.
pub fn likeness(said: &str, squashed: &str, parts: &[String]) -> f32 {
    if said == squashed {
        return 1.0;
    }
    if other_names(said).contains(&squashed) {
        return 0.9;
    }
    if stem(said) == stem(squashed) {
        return 0.95;
    }
    if said.len() >= 3 && parts.iter().any(|part| stem(part) == stem(said)) {
        return 0.75;
    }
    // "platform" for "platformer", "racer" does not reach "racing": four letters at least.
    let prefix = |part: &String| said.len() >= 4 && part.starts_with(stem(said));
    if parts.iter().any(prefix) { 0.6 } else { 0.0 }
}

/// The names joined as in speech: `A`, `A and B`, `A, B and C`.
pub fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Minutes as a person says them.
pub fn spoken(minutes: i32) -> String {
    match minutes {
        ..=1 => "a minute".to_owned(),
        60 => "1 hour".to_owned(),
        2..90 => format!("{minutes} minutes"),
        _ => format!("{} hours", (minutes + 30) / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_words_are_sorted_for_the_search() {
        assert!(EMPTY.is_sorted());
    }

    #[test]
    fn hyphens_case_and_plurals_do_not_matter() {
        assert_eq!(squash("Co-op"), squash("coop"));
        assert!(likeness("shooters", "shooter", &["shooter".into()]) > 0.9);
        assert!(
            likeness(
                "puzzle",
                "puzzleplatformer",
                &["puzzle".into(), "platformer".into()]
            ) > 0.7
        );
        assert!(likeness("rpg", "roleplaying", &["role".into(), "playing".into()]) > 0.8);
        assert!(likeness("art", "martialarts", &["martial".into(), "arts".into()]) > 0.0);
        assert!(likeness("car", "cardgame", &["card".into(), "game".into()]) < f32::EPSILON);
    }

    #[test]
    fn lists_and_times_read_as_speech() {
        assert_eq!(listed(&["A", "B", "C"]), "A, B and C");
        assert_eq!(spoken(41 * 60), "41 hours");
        assert_eq!(spoken(45), "45 minutes");
        assert_eq!(spoken(90), "2 hours");
    }
}
