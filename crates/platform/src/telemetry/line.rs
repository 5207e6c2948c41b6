//! One event, one line: whatever somebody else's words hold, they cannot end it and begin another.

use std::io::{self, Write};
use tracing_subscriber::fmt::MakeWriter;

/// Standard error, a line at a time.
#[derive(Debug, Clone, Copy)]
pub struct Lines {
    /// Whether the lines have colours: then the escape sequences are the subscriber's own, which
    /// hides those of others.
    pub colours: bool,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            to: io::stderr(),
            colours: self.colours,
        }
    }
}

/// Writes each event that it is given as one line.
#[derive(Debug)]
pub struct Line<W> {
    to: W,
    colours: bool,
}

impl<W: Write> Write for Line<W> {
    /// The subscriber writes an event whole.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = event.strip_suffix(b"\n").unwrap_or(event);
        let tame = |byte: &u8| {
            matches!(byte, b'\t' | b' '..=b'~' | 0x80..) || (self.colours && *byte == 0x1b)
        };
        if text.iter().all(tame) {
            self.to.write_all(event)?;
            return Ok(event.len());
        }
        let mut line = Vec::with_capacity(event.len() + 16);
        for byte in text {
            match byte {
                b'\n' => line.extend_from_slice(b"\\n"),
                b'\r' => line.extend_from_slice(b"\\r"),
                byte if tame(byte) => line.push(*byte),
                byte => write!(line, "\\x{byte:02x}")?,
            }
        }
        line.push(b'\n');
        self.to.write_all(&line)?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(event: &str, colours: bool) -> String {
        let mut line = Line {
            to: Vec::new(),
            colours,
        };
        line.write_all(event.as_bytes()).unwrap();
        String::from_utf8(line.to).unwrap()
    }

    #[test]
    fn words_of_others_cannot_begin_a_line() {
        let forged = "WARN subgraph unavailable: gone\r\n2026-01-01 INFO all is well\n";
        let line = "WARN subgraph unavailable: gone\\r\\n2026-01-01 INFO all is well\n";
        assert_eq!(written(forged, false), line);
    }

    #[test]
    fn control_characters_are_escaped_and_everything_else_is_left() {
        assert_eq!(
            written("bell\x07 \x1b[2J\x7f\n", false),
            "bell\\x07 \\x1b[2J\\x7f\n"
        );
        assert_eq!(
            written("\x1b[32mINFO\x1b[0m é\t日本\n", true),
            "\x1b[32mINFO\x1b[0m é\t日本\n"
        );
    }
}
