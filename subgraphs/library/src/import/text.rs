//! From the bytes of a file to its text.

use super::{Malformed, Reason, place};

/// What the bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Utf8,
    Utf16 { little: bool },
}

/// How many bytes tell what the others are.
const HEAD: usize = 4;

/// Reads UTF-8 and UTF-16, with or without a byte order mark, part by part: so that nobody holds a
/// file twice. Anything else is refused: a guess would put wrong letters into every title.
#[derive(Debug)]
pub struct Decoder {
    text: String,
    /// The most bytes of text.
    most: usize,
    coding: Option<Coding>,
    /// Bytes that are no whole character yet.
    rest: Vec<u8>,
}

impl Decoder {
    /// Of a file of so many bytes, whose text may be `most` bytes.
    pub fn of(bytes: usize, most: usize) -> Self {
        Self {
            // UTF-16 becomes larger by half at most. A text that grows as it is read would be there
            // twice each time it moves; room that is never written to costs no memory.
            text: String::with_capacity((bytes + bytes / 2).min(most)),
            most,
            coding: None,
            rest: Vec::new(),
        }
    }

    /// Reads on.
    pub fn push(&mut self, part: &[u8]) -> Result<(), Malformed> {
        if self.rest.is_empty() && self.coding.is_some() {
            self.read(part)
        } else {
            let mut bytes = std::mem::take(&mut self.rest);
            bytes.extend_from_slice(part);
            if self.coding.is_none() && bytes.len() < HEAD {
                self.rest = bytes;
                return Ok(());
            }
            self.read(&bytes)
        }
    }

    /// The text.
    pub fn finish(mut self) -> Result<String, Malformed> {
        let rest = std::mem::take(&mut self.rest);
        self.read(&rest)?;
        match (self.coding, self.rest.first()) {
            (_, None) => Ok(self.text),
            (Some(Coding::Utf16 { .. }), _) => Err(self.wrong("half a character of UTF-16")),
            (_, Some(byte)) => Err(self.no_utf8(*byte)),
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), Malformed> {
        let (coding, skip) = self
            .coding
            .map_or_else(|| coding(bytes), |known| (known, 0));
        self.coding = Some(coding);
        match coding {
            Coding::Utf8 => self.utf8(bytes),
            Coding::Utf16 { little } => self.utf16(&bytes[skip..], little),
        }
    }

    /// Refuses so many bytes more before there is room made for them, if they are too many.
    fn fits(&self, more: usize) -> Result<(), Malformed> {
        let most = self.most;
        if self.text.len() + more > most {
            return Err(place::whole(format!(
                "the text is of more than {most} bytes as UTF-8"
            )));
        }
        Ok(())
    }

    fn utf8(&mut self, bytes: &[u8]) -> Result<(), Malformed> {
        let (good, bad) = match std::str::from_utf8(bytes) {
            Ok(good) => (good, None),
            Err(error) => {
                let (good, rest) = bytes.split_at(error.valid_up_to());
                let good = std::str::from_utf8(good).unwrap_or_default();
                // Without a length, the next part may bring the rest of a character.
                if error.error_len().is_none() {
                    self.rest = rest.to_vec();
                }
                (good, error.error_len().and(rest.first()))
            }
        };
        self.fits(good.len())?;
        self.text.push_str(good);
        bad.map_or(Ok(()), |byte| Err(self.no_utf8(*byte)))
    }

    fn utf16(&mut self, bytes: &[u8], little: bool) -> Result<(), Malformed> {
        let (pairs, odd) = bytes.as_chunks::<2>();
        let unit = |pair: &[u8; 2]| {
            if little {
                u16::from_le_bytes(*pair)
            } else {
                u16::from_be_bytes(*pair)
            }
        };
        // The first half of a character is left for the next part.
        let halved = pairs
            .last()
            .is_some_and(|pair| unit(pair) & 0xFC00 == 0xD800);
        let whole = pairs.len() - usize::from(halved);
        for read in char::decode_utf16(pairs[..whole].iter().map(unit)) {
            match read {
                Ok(c) => {
                    self.fits(c.len_utf8())?;
                    self.text.push(c);
                }
                Err(_) => return Err(self.wrong("half a character of UTF-16")),
            }
        }
        self.rest = [pairs[whole..].as_flattened(), odd].concat();
        Ok(())
    }

    fn no_utf8(&self, byte: u8) -> Malformed {
        self.wrong(format!(
            "the byte {byte:#04x} is no UTF-8; save the file as UTF-8"
        ))
    }

    fn wrong(&self, what: impl Into<Reason>) -> Malformed {
        place::wrong(&self.text, self.text.len(), None, what)
    }
}

/// What the bytes are, and how long the mark of UTF-16 is. Text of ours begins with a letter, a
/// quote or a bracket, so without a mark every other byte at its start is zero.
fn coding(bytes: &[u8]) -> (Coding, usize) {
    let utf16 = |little, skip| (Coding::Utf16 { little }, skip);
    match bytes {
        [0xFF, 0xFE, ..] => utf16(true, 2),
        [0xFE, 0xFF, ..] => utf16(false, 2),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => utf16(true, 0),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => utf16(false, 0),
        _ => (Coding::Utf8, 0),
    }
}

/// A text without its byte order mark.
pub fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same whether it comes whole or byte by byte.
    fn decode(bytes: Vec<u8>) -> Result<String, Malformed> {
        let mut whole = Decoder::of(bytes.len(), 1_000);
        let read = whole.push(&bytes).and_then(|()| whole.finish());
        let mut torn = Decoder::of(0, 1_000);
        let by_byte = bytes.iter().try_for_each(|byte| torn.push(&[*byte]));
        assert_eq!(by_byte.and_then(|()| torn.finish()), read);
        read
    }

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

    #[test]
    fn a_text_that_becomes_too_long_is_refused_while_it_is_read() {
        let mut reading = Decoder::of(4_000, 1_000);
        assert!(reading.push(&[b'x'; 900]).is_ok());
        let refused = reading.push(&[b'x'; 900]).unwrap_err();
        assert!(refused.to_string().contains("more than 1000 bytes"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            drop(decode(bytes));
        }
    }
}
