//! CSV as people export it: with or without a byte order mark, separated by commas, semicolons,
//! tabs or bars, with line breaks inside quotes.
//!
//! Read by hand rather than by a crate because a torn file must be refused with its place: the
//! usual readers take an unclosed quote for one huge last value.

mod reader;

use super::{
    Cell, Column, Flow, ImportFormat, Malformed, Record,
    columns::{Dialect, Mapping},
    text::unmarked,
};
use crate::export::is_marked;
use reader::{Reader, Row, Start, at};

/// The most columns a file may have.
const MAX_COLUMNS: usize = 200;
/// A row is not read further than this, even to say how many values it has.
const MOST_CELLS: usize = 10_000;
/// The longest row, in bytes: a quote that is never closed must not become the rest of the file in
/// memory a second time.
const MAX_ROW: usize = 1024 * 1024;
/// How many values of a column are shown to somebody who maps it.
const SAMPLES: usize = 5;
/// How many rows are looked at for them.
const SAMPLED_ROWS: usize = 200;

/// A file's table: what its columns mean, and its rows.
pub struct Table<'t> {
    text: &'t str,
    headers: Vec<Header>,
    line: usize,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name, as written.
    pub name: String,
    /// What it means.
    pub column: Option<Column>,
}

/// Whether the headers are those of Playnite or anybody's.
pub fn kind(text: &str) -> ImportFormat {
    let mut lines = Reader::new(text);
    let Ok(Some(header)) = lines.next_row() else {
        return ImportFormat::Csv;
    };
    let names: Vec<String> = header
        .cells
        .iter()
        .map(|cell| crate::copy::fold(&cell.text))
        .collect();
    let has = |name: &str| names.iter().any(|own| own == name);
    // These are in English in every language of Playnite.
    if has("pluginid") || (has("gameid") && has("lastactivity")) {
        ImportFormat::PlayniteCsv
    } else {
        ImportFormat::Csv
    }
}

/// Whether a table has more rows than `most` below its header: counted without reading a value.
pub fn has_more_than(text: &str, most: usize) -> bool {
    let start = Start::of(unmarked(text));
    let by = u8::try_from(start.separator).unwrap_or(b',');
    let mut bytes = start.rest.bytes().peekable();
    let (mut rows, mut says) = (0_usize, false);
    let (mut quoted, mut begins) = (false, true);
    while let Some(byte) = bytes.next() {
        if quoted {
            if byte == b'"' && bytes.next_if_eq(&b'"').is_none() {
                quoted = false;
            } else {
                says |= !byte.is_ascii_whitespace();
            }
            continue;
        }
        let is_first = std::mem::take(&mut begins);
        if byte == b'"' && is_first {
            quoted = true;
        } else if byte == b'\n' || byte == b'\r' {
            rows += usize::from(std::mem::take(&mut says));
            begins = true;
            if rows > most + 1 {
                return true;
            }
        } else if byte == by {
            begins = true;
        } else {
            says |= !byte.is_ascii_whitespace();
        }
    }
    rows + usize::from(says) > most + 1
}

impl<'t> Table<'t> {
    /// Reads the header line.
    pub fn open(text: &'t str, mapping: &Mapping, dialect: Dialect) -> Result<Self, Malformed> {
        let text = unmarked(text);
        let mut lines = Reader::new(text);
        let header = lines
            .next_row()?
            .ok_or_else(|| at(1, 1, "the file is empty"))?;
        if header.cells.len() > MAX_COLUMNS {
            let have = header.cells.len();
            return Err(at(
                header.line,
                1,
                format!("{have} columns; at most {MAX_COLUMNS} are read"),
            ));
        }
        let headers: Vec<Header> = header
            .cells
            .iter()
            .map(|cell| Header {
                name: cell.text.trim().to_owned(),
                column: mapping.of(&cell.text, dialect),
            })
            .collect();
        let has = |name: &str| headers.iter().any(|header| header.name == name.trim());
        if let Some((missing, _)) = mapping.0.iter().find(|(name, _)| !has(name)) {
            let missing = crate::copy::clean(missing, 100);
            return Err(at(
                header.line,
                1,
                format!("the mapping names the column \"{missing}\", which is not there"),
            ));
        }
        // A name alone does not tell them apart, in a mapping neither.
        for (index, cell) in header.cells.iter().enumerate() {
            let twin = |other: &Header| {
                other.column == headers[index].column
                    && other.name.to_lowercase() == headers[index].name.to_lowercase()
            };
            if headers[index].column.is_some() && headers[..index].iter().any(twin) {
                let name = crate::copy::clean(&cell.text, 100);
                return Err(at(
                    cell.line,
                    cell.column,
                    format!("two columns are called \"{name}\""),
                ));
            }
        }
        Ok(Self {
            text,
            headers,
            line: header.line,
        })
    }

    /// Its columns, in order.
    pub fn headers(&self) -> &[Header] {
        &self.headers
    }

    /// Says so, if no column is the title.
    pub fn check(&self) -> Result<(), Malformed> {
        if self
            .headers
            .iter()
            .any(|header| header.column == Some(Column::Title))
        {
            return Ok(());
        }
        let names: Vec<&str> = self
            .headers
            .iter()
            .take(20)
            .map(|header| header.name.as_str())
            .collect();
        Err(at(
            self.line,
            1,
            format!(
                "no column is called title or name; the columns are: {}",
                crate::copy::clean(&names.join(", "), 300)
            ),
        ))
    }

    /// The first values of each column, each once.
    pub fn samples(&self) -> Result<Vec<Vec<String>>, Malformed> {
        let mut samples: Vec<Vec<String>> = vec![Vec::new(); self.headers.len()];
        let mut rows = 0;
        self.rows(&mut |row| {
            for (seen, cell) in samples.iter_mut().zip(row.cells) {
                let value = crate::copy::clean(&cell.text, 80);
                if seen.len() < SAMPLES && !value.is_empty() && !seen.contains(&value) {
                    seen.push(value);
                }
            }
            rows += 1;
            if rows < SAMPLED_ROWS {
                Flow::Continue(())
            } else {
                Flow::Break(())
            }
        })?;
        Ok(samples)
    }

    /// Tells every game of the file.
    pub fn each(&self, tell: &mut dyn FnMut(Record) -> Flow) -> Result<(), Malformed> {
        self.rows(&mut |row| {
            let line = row.line;
            let mut cells: Vec<(Column, Cell)> = Vec::new();
            for (header, cell) in self.headers.iter().zip(row.cells) {
                let Some(column) = header.column else {
                    continue;
                };
                // Two headers that mean the same: the first that says something counts.
                if cells.iter().any(|(other, _)| *other == column)
                    || (cell.text.trim().is_empty() && column != Column::Title)
                {
                    continue;
                }
                cells.push((
                    column,
                    Cell {
                        texts: vec![unmarked_cell(cell.text)],
                        list: false,
                        name: header.name.clone(),
                        line: cell.line,
                        column: cell.column,
                    },
                ));
            }
            tell(Record {
                line,
                column: 1,
                titled: None,
                cells,
            })
        })
    }

    fn rows(&self, tell: &mut dyn FnMut(Row) -> Flow) -> Result<(), Malformed> {
        let mut lines = Reader::new(self.text);
        lines.next_row()?;
        while let Some(row) = lines.next_row()? {
            if row.cells.iter().all(|cell| cell.text.trim().is_empty()) {
                continue;
            }
            let (have, want) = (row.cells.len(), self.headers.len());
            if have != want {
                let column = row
                    .cells
                    .get(want)
                    .or(row.cells.last())
                    .map_or(1, |cell| cell.column);
                return Err(at(
                    row.line,
                    column,
                    format!("{have} values where the header has {want}"),
                ));
            }
            if tell(row).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A value without the apostrophe that an export puts before what a spreadsheet would reckon.
fn unmarked_cell(text: String) -> String {
    if is_marked(&text) {
        text[1..].to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Record>, Malformed> {
        let table = Table::open(text, &Mapping::default(), Dialect::Plain)?;
        table.check()?;
        let mut records = Vec::new();
        table.each(&mut |record| {
            records.push(record);
            Flow::Continue(())
        })?;
        Ok(records)
    }

    fn titles(text: &str) -> Vec<String> {
        let records = read(text).unwrap();
        records
            .iter()
            .map(|record| record.cells[0].1.texts[0].clone())
            .collect()
    }

    #[test]
    fn every_usual_dialect_is_read() {
        assert_eq!(
            titles("title,year\nDoom,1993\nQuake,1996\n"),
            ["Doom", "Quake"]
        );
        assert_eq!(titles("\u{feff}Name;Year\r\nDoom;1993\r\n"), ["Doom"]);
        assert_eq!(titles("year\tName\n1993\tDoom"), ["1993"]);
        assert_eq!(titles("Name\rDoom\r\rQuake"), ["Doom", "Quake"]);
        assert_eq!(titles("title,x\n\"a \"\"b\"\"\nc\",1\n"), ["a \"b\"\nc"]);
        assert_eq!(titles("title,x\nThe 7\" Disk,1\n"), ["The 7\" Disk"]);
        assert_eq!(titles("title|x\nDoom, Quake|1\n"), ["Doom, Quake"]);
        assert_eq!(titles("title,\"x|y|z\"\nDoom,1\n"), ["Doom"]);
        for line_break in ["\n", "\r\n", "\r"] {
            let text =
                format!("\u{feff}sep=;{line_break}title;a,b,c{line_break}Doom;1{line_break}");
            assert_eq!(titles(&text), ["Doom"]);
            assert_eq!(read(&text).unwrap()[0].line, 3);
        }
        // Not one that is read: then it is a header.
        assert!(read("sep=x\ntitle\n").is_err());
    }

    #[test]
    fn rows_are_counted_as_they_are_read() {
        for (text, rows) in [
            ("title\nDoom\nQuake\n", 2),
            ("title,x\r\n\r\nDoom,\r\n,\r\nQuake,", 2),
            (
                "title;x\n\"a\n\"\"b\"\"\n\";1\n ; \n\"\";\"\"\nThe 7\" Disk;\n",
                2,
            ),
            ("sep=;\r\ntitle;x\r\nDoom;1\r\n", 1),
            ("title|x\nDoom|\n|\n", 1),
            ("title\n", 0),
            ("", 0),
        ] {
            assert!(!has_more_than(text, rows), "{text:?}");
            assert!(rows == 0 || has_more_than(text, rows - 1), "{text:?}");
        }
    }

    #[test]
    fn a_torn_file_is_refused_with_its_place() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        assert_eq!(
            error("title,year\nDoom,1993\n\"Quake,1996\n"),
            "line 3, column 1: the quote that opens here is never closed"
        );
        assert_eq!(
            error("title,year\n\"Doom\"x,1\n"),
            "line 2, column 7: text after a closing quote"
        );
        assert_eq!(
            error("title,year\nDoom,1993,7\n"),
            "line 2, column 11: 3 values where the header has 2"
        );
        assert_eq!(error(""), "line 1, column 1: the file is empty");
        assert_eq!(
            error("Title,x,x,title\nDoom,1,2,Quake\n"),
            "line 1, column 11: two columns are called \"title\""
        );
        assert_eq!(
            error(&format!("title\n{}", ",".repeat(1_000_000))),
            "line 2, column 10001: more than 10000 values; at most 200 are read"
        );
        assert_eq!(
            error("a,b\n1,2\n"),
            "line 1, column 1: no column is called title or name; the columns are: a, b"
        );
    }

    #[test]
    fn one_huge_value_is_refused_before_it_fills_the_memory() {
        let text = format!("title\nDoom\n\"{}", "x\n".repeat(2_000_000));
        assert_eq!(
            read(&text).unwrap_err().to_string(),
            "line 3, column 1: a row of more than 1048576 bytes; is a quote never closed?"
        );
    }

    #[test]
    fn each_column_shows_its_first_values() {
        let text = "title,year\nDoom,\nQuake,1996\nDoom,1993\n";
        let table = Table::open(text, &Mapping::default(), Dialect::Plain).unwrap();
        assert_eq!(
            table.samples().unwrap(),
            [vec!["Doom", "Quake"], vec!["1996", "1993"]]
        );
    }

    #[test]
    fn line_numbers_count_line_breaks_inside_quotes() {
        let records = read("title,x\n\"a\n\nb\",1\nc,2\n").unwrap();
        assert_eq!(
            records.iter().map(|record| record.line).collect::<Vec<_>>(),
            [2, 5]
        );
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_with_quotes_is_read_back(rows in proptest::collection::vec(("[^\r]{1,20}", "[^\r]{0,20}"), 1..20), by in "[,;\t|]") {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let mut file = format!("title{by}tags\n");
            let mut want = Vec::new();
            for (title, tags) in &rows {
                for part in [&*quoted(title), &*by, &*quoted(tags), "\n"] {
                    file.push_str(part);
                }
                if !(title.trim().is_empty() && tags.trim().is_empty()) {
                    want.push(unmarked_cell(title.clone()));
                }
            }
            proptest::prop_assert_eq!(titles(&file), want);
        }

        #[test]
        fn nothing_makes_it_panic(text in "(sep=;?\n)?(title[,;|]x\n)?[\"a,;|\n\r\t\u{feff}ä]{0,60}") {
            drop(read(&text));
        }
    }
}
