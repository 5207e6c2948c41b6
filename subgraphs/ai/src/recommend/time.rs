//! How long a game may be, out of what a person wrote.

/// The length that was asked for, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    /// No longer than this.
    pub most: Option<i32>,
    /// No shorter than this.
    pub least: Option<i32>,
    /// Whether it was said outright ("under 5 hours"): then what is known to break it is left
    /// out. "short" or "2 hours" only prefer.
    pub strict: bool,
}

/// What "short" means.
const SHORT: i32 = 300;
/// What "long" means.
const LONG: i32 = 1800;
/// Nobody asks for more.
const MOST: i32 = 60_000;

fn number(word: &str) -> Option<f32> {
    const NAMES: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    match word {
        "a" | "an" => Some(1.0),
        "couple" => Some(2.0),
        "few" => Some(3.0),
        "half" => Some(0.5),
        "fifteen" => Some(15.0),
        "twenty" => Some(20.0),
        "thirty" => Some(30.0),
        _ => NAMES
            .iter()
            .position(|name| *name == word)
            .map(|n| n as f32)
            .or_else(|| word.parse::<u16>().ok().map(f32::from)),
    }
}

/// Minutes in a unit of time.
fn unit(word: &str) -> Option<f32> {
    match word {
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(60.0),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(1.0),
        _ => None,
    }
}

/// Splits `5h` and `90min`.
fn joined(word: &str) -> Option<f32> {
    let digits = word
        .find(|c: char| !c.is_ascii_digit())
        .filter(|at| *at > 0)?;
    Some(number(&word[..digits])? * unit(&word[digits..])?)
}

/// A span of time at the start of `words`: its minutes, and how many words it takes.
fn span(words: &[&str]) -> Option<(i32, usize)> {
    let minutes = |minutes: f32| (minutes as i32).clamp(1, MOST);
    match words {
        [word, ..] if joined(word).is_some() => Some((minutes(joined(word)?), 1)),
        ["half", "an" | "a", last, ..] => Some((minutes(unit(last)? * 0.5), 3)),
        ["a", n @ ("couple" | "few"), "of", last, ..] => {
            Some((minutes(number(n)? * unit(last)?), 4))
        }
        ["a", n @ ("couple" | "few"), last, ..] | [n @ ("couple" | "few"), "of", last, ..] => {
            Some((minutes(number(n)? * unit(last)?), 3))
        }
        [n, last, ..] => Some((minutes(number(n)? * unit(last)?), 2)),
        _ => None,
    }
}

/// A limit in words at the start of `words`: whether it is an upper one, and how many words.
fn limit(words: &[&str]) -> Option<(bool, usize)> {
    match words {
        ["less" | "shorter" | "fewer", "than", ..] | ["at", "most", ..] | ["up", "to", ..] => {
            Some((true, 2))
        }
        ["no" | "not", "more" | "longer", "than", ..] => Some((true, 3)),
        ["under" | "below" | "within" | "max" | "maximum", ..] => Some((true, 1)),
        ["more" | "longer", "than", ..] | ["at", "least", ..] => Some((false, 2)),
        ["over" | "above" | "min" | "minimum", ..] => Some((false, 1)),
        _ => None,
    }
}

impl Length {
    /// Reads a length at the start of `words`; also says how many words it took. `None` when
    /// there is none.
    pub fn read(words: &[&str]) -> Option<(Self, usize)> {
        if let Some((upper, skip)) = limit(words) {
            let (minutes, taken) = span(&words[skip..])?;
            let (most, least) = if upper {
                (Some(minutes), None)
            } else {
                (None, Some(minutes))
            };
            return Some((
                Self {
                    most,
                    least,
                    strict: true,
                },
                skip + taken,
            ));
        }
        if let Some((minutes, taken)) = span(words) {
            return Some((
                Self {
                    most: Some(minutes),
                    ..Self::default()
                },
                taken,
            ));
        }
        let most = |minutes, taken| {
            Some((
                Self {
                    most: Some(minutes),
                    ..Self::default()
                },
                taken,
            ))
        };
        match words {
            ["not", "too" | "so" | "very", "long", ..] => most(SHORT, 3),
            ["not", "long", ..] | ["one", "sitting", ..] => most(SHORT, 2),
            [
                "short" | "shorter" | "quick" | "brief" | "tonight" | "evening",
                ..,
            ] => most(SHORT, 1),
            ["weekend", ..] => most(900, 1),
            ["long" | "longer" | "epic" | "lengthy", ..] => Some((
                Self {
                    least: Some(LONG),
                    ..Self::default()
                },
                1,
            )),
            _ => None,
        }
    }

    /// Both lengths at once: what is said later, or outright, counts.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self.strict && !other.strict {
            return self;
        }
        if other.strict && !self.strict {
            return other;
        }
        Self {
            most: other.most.or(self.most),
            least: other.least.or(self.least),
            strict: other.strict,
        }
    }

    /// How well a main story of `minutes` fits, 0 to 1; `None` when it is ruled out. Of unknown
    /// length, a game may fit: it is kept, behind those that do.
    pub fn fit(self, minutes: Option<i32>) -> Option<f32> {
        let Some(minutes) = minutes.filter(|minutes| *minutes > 0) else {
            return Some(0.25);
        };
        let over = self.most.map_or(1.0, |most| minutes as f32 / most as f32);
        let under = self
            .least
            .map_or(1.0, |least| least as f32 / minutes as f32);
        let off = over.max(under);
        if self.strict && off > 1.0 {
            return None;
        }
        Some((2.0 - off).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Length> {
        let words: Vec<&str> = text.split(' ').collect();
        Length::read(&words).map(|(length, _)| length)
    }

    #[test]
    fn lengths_are_read_as_people_write_them() {
        let strict = |most| {
            Some(Length {
                most: Some(most),
                least: None,
                strict: true,
            })
        };
        let about = |most| {
            Some(Length {
                most: Some(most),
                ..Length::default()
            })
        };
        assert_eq!(read("under 5 hours"), strict(300));
        assert_eq!(read("less than five hours"), strict(300));
        assert_eq!(read("no more than 90 minutes"), strict(90));
        assert_eq!(read("2 hours"), about(120));
        assert_eq!(read("2h"), about(120));
        assert_eq!(read("half an hour"), about(30));
        assert_eq!(read("a couple of hours"), about(120));
        assert_eq!(read("short"), about(SHORT));
        assert_eq!(read("not too long"), about(SHORT));
        assert_eq!(
            read("over 40 hours"),
            Some(Length {
                most: None,
                least: Some(2400),
                strict: true
            })
        );
        assert_eq!(read("over the moon"), None);
        assert_eq!(read("shooter"), None);
    }

    #[test]
    fn a_strict_limit_rules_out_what_is_known_to_break_it_and_keeps_the_unknown() {
        let strict = Length {
            most: Some(300),
            least: None,
            strict: true,
        };
        assert_eq!(strict.fit(Some(301)), None);
        assert_eq!(strict.fit(Some(300)), Some(1.0));
        assert_eq!(strict.fit(None), Some(0.25));
        let about = Length {
            strict: false,
            ..strict
        };
        assert!(about.fit(Some(330)).unwrap_or_default() > 0.8);
        assert_eq!(about.fit(Some(900)), Some(0.0));
    }
}
