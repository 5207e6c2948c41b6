//! Languages, as BCP 47 writes them.

use super::LAST;

/// The longest tag.
const MAX_TAG: usize = 35;

/// A tag in its usual spelling (`de-AT`, `zh-Hant-TW`), if it is one: a language, then perhaps
/// script, region and variants. No extensions.
pub fn parse(text: &str) -> Option<String> {
    if text.len() > MAX_TAG || !text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-') {
        return None;
    }
    let mut parts = text.split('-');
    let language = parts.next()?;
    if !(2..=3).contains(&language.len()) || !language.bytes().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut tag = language.to_ascii_lowercase();
    for part in parts {
        let letters = part.bytes().all(|c| c.is_ascii_alphabetic());
        let digits = part.bytes().all(|c| c.is_ascii_digit());
        let part = part.to_ascii_lowercase();
        tag.push('-');
        match part.len() {
            2 if letters => tag.push_str(&part.to_ascii_uppercase()),
            3 if digits => tag.push_str(&part),
            4 if letters => {
                tag.push_str(&part[..1].to_ascii_uppercase());
                tag.push_str(&part[1..]);
            }
            4..=8 => tag.push_str(&part),
            _ => return None,
        }
    }
    Some(tag)
}

/// Where a text is looked for: the language itself, each shorter form of it (RFC 4647, lookup),
/// the interface's own language with its shorter forms, and at last English.
pub fn chain(language: &str, own: &str) -> Vec<String> {
    let mut chain: Vec<String> = Vec::new();
    for tag in [language, own, LAST] {
        let mut tag = Some(tag);
        while let Some(form) = tag {
            if !chain.iter().any(|known| known == form) {
                chain.push(form.to_owned());
            }
            tag = form.rsplit_once('-').map(|(shorter, _)| shorter);
        }
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_in_any_spelling_and_written_in_one() {
        for (text, tag) in [
            ("DE", "de"),
            ("de-at", "de-AT"),
            ("ZH-hANT-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("sl-ROZAJ", "sl-rozaj"),
            ("de-1996", "de-1996"),
        ] {
            assert_eq!(parse(text).as_deref(), Some(tag));
        }
        for text in [
            "",
            "d",
            "german",
            "de_AT",
            "de-",
            "-de",
            "de--AT",
            "d1",
            "de-x-private",
            "dé",
            "de-AT-thisistoolong",
            "de-AT ",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_is_looked_for_in_ever_wider_languages() {
        assert_eq!(chain("de-AT", "en"), ["de-AT", "de", "en"]);
        assert_eq!(
            chain("zh-Hant-TW", "fr-CA"),
            ["zh-Hant-TW", "zh-Hant", "zh", "fr-CA", "fr", "en"]
        );
        assert_eq!(chain("en", "en"), ["en"]);
    }
}
