//! The title to show, out of what the platforms write.

use djinn_kernel::text::turns;
use std::cmp::Reverse;

/// No title shown is longer.
pub const LONGEST: usize = 512;

/// Text from elsewhere: one line, no control characters (PostgreSQL refuses NUL), none that turn the
/// line around, bounded.
pub fn plain(text: &str, longest: usize) -> String {
    let mut plain = String::new();
    for c in text
        .chars()
        .filter(|c| (!c.is_control() || c.is_whitespace()) && !turns(*c))
        .take(longest.saturating_mul(2))
    {
        if !c.is_whitespace() {
            plain.push(c);
        } else if !plain.is_empty() && !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    plain
        .chars()
        .take(longest)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

/// A title without trademark signs.
pub fn clean(title: &str) -> String {
    let bare: String = title
        .chars()
        .take(LONGEST)
        .filter(|c| !matches!(c, '™' | '®' | '©' | '℠'))
        .collect();
    plain(&bare, LONGEST)
}

/// Whether a provider's title would be better: ours is missing or a placeholder.
pub fn is_poor(title: &str) -> bool {
    let placeholder = |prefix: &str| {
        title
            .to_ascii_lowercase()
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.trim().bytes().all(|b| b.is_ascii_digit()))
    };
    title.is_empty()
        || title == UNTITLED
        || placeholder("app ")
        || placeholder("unknown app ")
        || placeholder("valvetestapp")
}

/// What a game without a title is called until somebody knows better.
pub const UNTITLED: &str = "Untitled";

/// The best of several: a real one, without an edition where another has none, not shouted, short.
/// The order they come in does not matter.
pub fn best<'a>(titles: impl IntoIterator<Item = (&'a str, bool)>) -> String {
    titles
        .into_iter()
        .map(|(title, edition)| (clean(title), edition))
        .min_by_key(|(title, edition)| {
            let shouted = !title.chars().any(char::is_lowercase);
            (
                is_poor(title),
                *edition,
                shouted,
                title.chars().count(),
                Reverse(title.clone()),
            )
        })
        .map(|(title, _)| title)
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| UNTITLED.to_owned())
}

/// The title without its leading article.
pub fn to_sort_by(title: &str) -> String {
    let article = title.split_once(' ').filter(|(first, rest)| {
        matches!(first.to_ascii_lowercase().as_str(), "the" | "a" | "an") && !rest.trim().is_empty()
    });
    article.map_or(title, |(_, rest)| rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_title_does_not_depend_on_the_order() {
        let titles = [
            ("FALLOUT 3", false),
            ("Fallout® 3", false),
            ("Fallout 3 GOTY", true),
        ];
        assert_eq!(best(titles), "Fallout 3");
        assert_eq!(best(titles.into_iter().rev()), "Fallout 3");
    }

    #[test]
    fn a_placeholder_is_a_poor_title() {
        assert!(is_poor("ValveTestApp12345") && is_poor("App 70") && is_poor(""));
        assert!(!is_poor("Apple Jack") && !is_poor("DOOM"));
    }

    #[test]
    fn text_from_elsewhere_loses_what_a_database_would_refuse() {
        assert_eq!(plain(" a\0b\n\n c ", 10), "ab c");
        assert_eq!(plain(&"x".repeat(50), 10).len(), 10);
    }
}
