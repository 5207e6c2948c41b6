//! Plain text out of HTML: tags go, entities are read once.

use crate::game::title;

/// The text of a snippet of HTML, on one line, at most `longest` characters.
pub fn plain(html: &str, longest: usize) -> String {
    let mut text = String::new();
    // Markup can be much longer than its text, but not without bound.
    let mut rest: &str = match html.char_indices().nth(longest.saturating_mul(20)) {
        Some((end, _)) => &html[..end],
        None => html,
    };
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('<') {
            // Only what looks like a tag is one: "5 < 7" is text.
            let tag =
                rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
            match rest.find('>').filter(|_| tag) {
                Some(end) => {
                    text.push(' ');
                    rest = &rest[end + 1..];
                }
                None => {
                    text.push('<');
                    rest = &rest[1..];
                }
            }
        } else if let Some((decoded, length)) = entity(rest) {
            text.push(decoded);
            rest = &rest[length..];
        } else {
            text.push('&');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    title::plain(&text, longest)
}

/// The character of an entity at the start of `text`, and its length there.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let decoded = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "eacute" => 'é',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((decoded, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_entities_are_read() {
        assert_eq!(
            plain(
                "Fast &amp; <b>loud</b><br>racing &#39;round&#x27; 5 < 7 &bogus;",
                200
            ),
            "Fast & loud racing 'round' 5 < 7 &bogus;"
        );
        assert_eq!(plain("&amp;lt;", 200), "&lt;");
        assert_eq!(plain("&é;ü<", 200), "&é;ü<");
    }

    #[test]
    fn it_is_cut_at_a_character() {
        assert_eq!(plain(&"ü".repeat(3000), 2000).chars().count(), 2000);
    }
}
