//! What a text leaves open: `{name}`. A brace that is meant as one is doubled.

use std::collections::BTreeSet;

/// The longest name.
const MAX_NAME: usize = 40;

/// The names a text leaves open, or what is wrong with it.
pub fn of(text: &str) -> Result<BTreeSet<&str>, &'static str> {
    let mut names = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let brace = &rest[at..];
        if let Some(after) = brace
            .strip_prefix("{{")
            .or_else(|| brace.strip_prefix("}}"))
        {
            rest = after;
            continue;
        }
        let Some(inside) = brace.strip_prefix('{') else {
            return Err("a brace closes that was not opened");
        };
        let Some(end) = inside.find('}') else {
            return Err("a brace opens and is not closed");
        };
        let name = &inside[..end];
        let fits = (1..=MAX_NAME).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
        if !fits {
            return Err("between braces stands a name of letters and digits, like {count}");
        }
        names.insert(name);
        rest = &inside[end + 1..];
    }
    Ok(names)
}

/// Names as words: `{count} and {title}`, or `no placeholder`.
pub fn said(names: &BTreeSet<&str>) -> String {
    if names.is_empty() {
        return "no placeholder".to_owned();
    }
    let names: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write;

    #[test]
    fn names_are_found_and_doubled_braces_are_none() {
        let names = of("{count} of {total} in {{braces}} {count}").unwrap();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["count", "total"]);
        assert_eq!(of("").unwrap().len(), 0);
        for bad in [
            "{",
            "}",
            "{}",
            "{ count }",
            "{a{b}}",
            "{1}",
            "{{}",
            "{count",
            "é}",
        ] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_stumble(text in "\\PC*") {
            let _ = of(&text);
        }

        #[test]
        fn what_is_put_in_is_found(names in proptest::collection::btree_set("[a-z][a-z0-9_]{0,8}", 0..5), words in "[^{}]{0,12}") {
            let mut text = words.clone();
            for name in &names {
                write!(text, "{{{name}}}{words}{{{{").unwrap();
            }
            let found: BTreeSet<String> = of(&text).unwrap().into_iter().map(str::to_owned).collect();
            prop_assert_eq!(found, names);
        }
    }
}
