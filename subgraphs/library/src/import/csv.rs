//! CSV as people export it: with or without a byte order mark, separated by commas, semicolons or
//! tabs, with line breaks inside quotes.
//!
//! Read by hand rather than by a crate because a torn file must be refused with its place: the
//! usual readers take an unclosed quote for one huge last value.

use super::{Cell, Column, Malformed, Record, columns::Mapping};

/// The most columns a file may have.
const MAX_COLUMNS: usize = 200;
/// A row is not read further than this, even to say how many values it has.
const MOST_CELLS: usize = 10_000;

/// Reads the games of a file, and says how many there are: those beyond `most` are only counted.
pub fn read(text: &str, mapping: &Mapping, most: usize) -> Result<(Vec<Record>, usize), Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Reader::new(text, separator(text));
    let header = lines
        .next_row()?
        .ok_or_else(|| at(1, 1, "the file is empty"))?;
    if header.cells.len() > MAX_COLUMNS {
        return Err(at(
            header.line,
            1,
            format!(
                "{} columns; at most {MAX_COLUMNS} are read",
                header.cells.len()
            ),
        ));
    }
    let has = |name: &str| {
        header
            .cells
            .iter()
            .any(|cell| cell.text.trim() == name.trim())
    };
    if let Some((missing, _)) = mapping.0.iter().find(|(name, _)| !has(name)) {
        let missing = crate::copy::clean(missing, 100);
        return Err(at(
            header.line,
            1,
            format!("the mapping names the column \"{missing}\", which is not there"),
        ));
    }
    let columns: Vec<Option<Column>> = header
        .cells
        .iter()
        .map(|cell| mapping.of(&cell.text))
        .collect();
    if !columns.contains(&Some(Column::Title)) {
        let names: Vec<&str> = header
            .cells
            .iter()
            .take(20)
            .map(|cell| cell.text.trim())
            .collect();
        return Err(at(
            header.line,
            1,
            format!(
                "no column is called title or name; the columns are: {}",
                crate::copy::clean(&names.join(", "), 300)
            ),
        ));
    }
    let (mut records, mut count) = (Vec::new(), 0);
    while let Some(row) = lines.next_row()? {
        if row.cells.iter().all(|cell| cell.text.trim().is_empty()) {
            continue;
        }
        if row.cells.len() != header.cells.len() {
            let (have, want) = (row.cells.len(), header.cells.len());
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
        count += 1;
        if count > most {
            continue;
        }
        let mut cells: Vec<(Column, Cell)> = Vec::new();
        for ((column, title), cell) in columns.iter().zip(&header.cells).zip(row.cells) {
            let Some(column) = column else { continue };
            // Two headers that mean the same: the first that says something counts.
            if cells.iter().any(|(other, _)| other == column) {
                continue;
            }
            if cell.text.trim().is_empty() && *column != Column::Title {
                continue;
            }
            let name = title.text.trim().to_owned();
            cells.push((
                *column,
                Cell {
                    texts: vec![cell.text],
                    list: false,
                    name,
                    line: cell.line,
                    column: cell.column,
                },
            ));
        }
        records.push(Record {
            line: row.line,
            cells,
        });
    }
    Ok((records, count))
}

fn at(line: usize, column: usize, what: impl Into<String>) -> Malformed {
    Malformed {
        line,
        column,
        name: None,
        what: what.into(),
    }
}

/// The separator that the first line uses most; a comma when it uses none.
fn separator(text: &str) -> char {
    let mut quoted = false;
    let mut counts = [(',', 0), (';', 0), ('\t', 0)];
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| *separator == c) {
                    *count += 1;
                }
            }
        }
    }
    // `max_by_key` takes the last of equals, hence the reversal.
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(',', |(separator, _)| *separator)
}

struct Raw {
    text: String,
    line: usize,
    column: usize,
}

struct Row {
    line: usize,
    cells: Vec<Raw>,
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    line: usize,
    column: usize,
}

/// What ended a cell.
enum End {
    Cell,
    Row,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, separator: char) -> Self {
        Self {
            rest: text.chars().peekable(),
            separator,
            line: 1,
            column: 1,
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.next()?;
        // CR LF, LF and CR all end a line; the first is made one character here.
        let c = if c == '\r' {
            self.rest.next_if_eq(&'\n');
            '\n'
        } else {
            c
        };
        if c == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(c)
    }

    fn next_row(&mut self) -> Result<Option<Row>, Malformed> {
        if self.rest.peek().is_none() {
            return Ok(None);
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let (cell, end) = self.cell()?;
            // Megabytes of commas would be a hundred times as much in cells.
            if cells.len() == MOST_CELLS {
                return Err(at(
                    line,
                    cell.column,
                    format!("more than {MOST_CELLS} values; at most {MAX_COLUMNS} are read"),
                ));
            }
            cells.push(cell);
            if matches!(end, End::Row) {
                return Ok(Some(Row { line, cells }));
            }
        }
    }

    fn cell(&mut self) -> Result<(Raw, End), Malformed> {
        let (line, column) = (self.line, self.column);
        let mut text = String::new();
        if self.rest.peek() != Some(&'"') {
            loop {
                match self.next() {
                    Some(c) if c == self.separator => {
                        return Ok((Raw { text, line, column }, End::Cell));
                    }
                    None | Some('\n') => return Ok((Raw { text, line, column }, End::Row)),
                    Some(c) => text.push(c),
                }
            }
        }
        self.next();
        loop {
            match self.next() {
                None => {
                    return Err(at(
                        line,
                        column,
                        "the quote that opens here is never closed",
                    ));
                }
                Some('"') if self.rest.peek() == Some(&'"') => {
                    self.next();
                    text.push('"');
                }
                Some('"') => break,
                Some(c) => text.push(c),
            }
        }
        let (after_line, after_column) = (self.line, self.column);
        match self.next() {
            Some(c) if c == self.separator => Ok((Raw { text, line, column }, End::Cell)),
            None | Some('\n') => Ok((Raw { text, line, column }, End::Row)),
            Some(_) => Err(at(after_line, after_column, "text after a closing quote")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(text: &str) -> Vec<String> {
        let records = read(text, &Mapping::default(), 99).unwrap().0;
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
    }

    #[test]
    fn a_torn_file_is_refused_with_its_place() {
        let error = |text: &str| read(text, &Mapping::default(), 9).unwrap_err().to_string();
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
            error(&format!("title\n{}", ",".repeat(1_000_000))),
            "line 2, column 10001: more than 10000 values; at most 200 are read"
        );
        assert_eq!(
            error("a,b\n1,2\n"),
            "line 1, column 1: no column is called title or name; the columns are: a, b"
        );
    }

    #[test]
    fn games_beyond_the_limit_are_counted_and_not_kept() {
        let text = format!("title\n{}", "Doom\n".repeat(100));
        let (records, count) = read(&text, &Mapping::default(), 3).unwrap();
        assert_eq!((records.len(), count), (3, 100));
    }

    #[test]
    fn line_numbers_count_line_breaks_inside_quotes() {
        let records = read("title,x\n\"a\n\nb\",1\nc,2\n", &Mapping::default(), 9)
            .unwrap()
            .0;
        assert_eq!(
            records.iter().map(|record| record.line).collect::<Vec<_>>(),
            [2, 5]
        );
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_with_quotes_is_read_back(rows in proptest::collection::vec(("[^\r]{1,20}", "[^\r]{0,20}"), 1..20), by in "[,;\t]") {
            let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
            let mut file = format!("title{by}tags\n");
            let mut want = Vec::new();
            for (title, tags) in &rows {
                for part in [&*quoted(title), &*by, &*quoted(tags), "\n"] {
                    file.push_str(part);
                }
                if !(title.trim().is_empty() && tags.trim().is_empty()) {
                    want.push(title.clone());
                }
            }
            proptest::prop_assert_eq!(titles(&file), want);
        }

        #[test]
        fn nothing_makes_it_panic(text in "(title[,;]x\n)?[\"a,;\n\r\t\u{feff}ä]{0,60}") {
            let _ = read(&text, &Mapping::default(), 9);
        }
    }
}
