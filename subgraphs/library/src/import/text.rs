//! From the bytes of a file to its text.

use super::{Malformed, place};

/// Reads UTF-8 and UTF-16, with or without a byte order mark. Anything else is refused: a guess
/// would put wrong letters into every title.
pub fn decode(bytes: Vec<u8>) -> Result<String, Malformed> {
    if let Some((little, skip)) = utf16(&bytes) {
        return decode16(&bytes[skip..], little);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let good = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
        let byte = bytes.get(at).copied().unwrap_or_default();
        place::wrong(
            good,
            at,
            None,
            format!("the byte {byte:#04x} is no UTF-8; save the file as UTF-8"),
        )
    })
}

/// Whether it is UTF-16: little-endian or not, and how long its mark is. Text of ours begins with
/// a letter, a quote or a bracket, so without a mark every other byte at its start is zero.
fn utf16(bytes: &[u8]) -> Option<(bool, usize)> {
    match bytes {
        [0xFF, 0xFE, ..] => Some((true, 2)),
        [0xFE, 0xFF, ..] => Some((false, 2)),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some((true, 0)),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some((false, 0)),
        _ => None,
    }
}

fn decode16(bytes: &[u8], little: bool) -> Result<String, Malformed> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| {
        if little {
            u16::from_le_bytes(*pair)
        } else {
            u16::from_be_bytes(*pair)
        }
    });
    for read in char::decode_utf16(units) {
        match read {
            Ok(c) => text.push(c),
            Err(_) => {
                let end = text.len();
                return Err(place::wrong(&text, end, None, "half a character of UTF-16"));
            }
        }
    }
    if rest.is_empty() {
        Ok(text)
    } else {
        let end = text.len();
        Err(place::wrong(&text, end, None, "half a character of UTF-16"))
    }
}

/// A text without its byte order mark.
pub fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn every_usual_encoding_is_read() {
        let text = "title\nPokémon ⛷ 𝄞\n";
        assert_eq!(decode(text.as_bytes().to_vec()).unwrap(), text);
        for little in [true, false] {
            assert_eq!(decode(utf16(text, little)).unwrap(), text);
            let marked = format!("\u{feff}{text}");
            assert_eq!(decode(utf16(&marked, little)).unwrap(), text);
        }
    }

    #[test]
    fn what_is_neither_is_refused_with_its_place() {
        let latin = b"title\nPok\xe9mon\n".to_vec();
        assert_eq!(
            decode(latin).unwrap_err().to_string(),
            "line 2, column 4: the byte 0xe9 is no UTF-8; save the file as UTF-8"
        );
        let mut torn = utf16("title", true);
        torn.push(7);
        assert_eq!(
            decode(torn).unwrap_err().to_string(),
            "line 1, column 6: half a character of UTF-16"
        );
        assert!(decode(vec![0xFF, 0xFE, 0x00, 0xD8]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            drop(decode(bytes));
        }
    }
}
