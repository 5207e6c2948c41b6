//! Where in a text something stands, as an editor counts: lines and characters, from 1.

use super::{Malformed, Reason};

/// Line and character of places that only move on: a file may be one line of megabytes, so no
/// character is counted twice.
#[derive(Debug)]
pub struct Here<'t> {
    text: &'t str,
    line: usize,
    counted: usize,
    chars: usize,
}

impl<'t> Here<'t> {
    /// At the beginning.
    pub const fn new(text: &'t str) -> Self {
        Self {
            text,
            line: 1,
            counted: 0,
            chars: 0,
        }
    }

    /// At a byte whose place is known.
    pub const fn from(text: &'t str, byte: usize, line: usize, column: usize) -> Self {
        Self {
            text,
            line,
            counted: byte,
            chars: column - 1,
        }
    }

    /// The place of a byte further on, without going there.
    pub fn ahead(&self, byte: usize) -> (usize, usize) {
        Self {
            text: self.text,
            line: self.line,
            counted: self.counted,
            chars: self.chars,
        }
        .at(byte)
    }

    /// The place of a byte that is not before the last one asked for.
    pub fn at(&mut self, byte: usize) -> (usize, usize) {
        let passed = self.text.get(self.counted..byte).unwrap_or_default();
        let breaks = passed.bytes().filter(|byte| *byte == b'\n').count();
        if breaks > 0 {
            self.line += breaks;
            let last = passed.rfind('\n').map_or("", |at| &passed[at + 1..]);
            self.chars = last.chars().count();
        } else {
            self.chars += passed.chars().count();
        }
        self.counted = self.counted.max(byte);
        (self.line, self.chars + 1)
    }
}

/// Where `part`, which is cut out of `text`, begins, in bytes.
pub fn offset(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

/// The complaint that `what` is wrong at this byte.
pub fn wrong(text: &str, byte: usize, name: Option<String>, what: impl Into<Reason>) -> Malformed {
    let (line, column) = Here::new(text).at(byte);
    Malformed {
        line,
        column,
        name,
        what: what.into(),
    }
}

/// The complaint about a whole file.
pub fn whole(what: impl Into<Reason>) -> Malformed {
    Malformed {
        line: 1,
        column: 1,
        name: None,
        what: what.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_and_lines() {
        let text = "aä\nb\n\ncd";
        let mut here = Here::new(text);
        assert_eq!(here.at(0), (1, 1));
        assert_eq!(here.at(3), (1, 3));
        assert_eq!(here.at(4), (2, 1));
        assert_eq!(here.at(7), (4, 1));
        assert_eq!(here.at(8), (4, 2));
        assert_eq!(offset(text, &text[4..5]), 4);
    }
}
