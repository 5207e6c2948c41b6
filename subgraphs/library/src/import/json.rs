//! JSON: `{"games": [{"title": …}]}`, or the bare list.

use super::{Cell, Column, Malformed, Record, columns::Mapping};
use serde_json::Value;

/// Reads the games of a file, and says how many there are: beyond `most`, none is read.
pub fn read(text: &str, mapping: &Mapping, most: usize) -> Result<(Vec<Record>, usize), Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let whole: Value = serde_json::from_str(text).map_err(|error| Malformed {
        line: error.line().max(1),
        column: error.column().max(1),
        name: None,
        what: format!("not JSON: {}", reason(&error)),
    })?;
    let games = match whole {
        Value::Array(games) => games,
        Value::Object(mut whole) => match whole.remove("games") {
            Some(Value::Array(games)) => games,
            _ => return Err(first("there is no list called games")),
        },
        _ => return Err(first("expected {\"games\": [ … ]}")),
    };
    let count = games.len();
    if count > most {
        return Ok((Vec::new(), count));
    }
    let records = games
        .into_iter()
        .enumerate()
        .map(|(index, game)| record(text, mapping, index, game))
        .collect::<Result<_, _>>()?;
    Ok((records, count))
}

fn first(what: &str) -> Malformed {
    Malformed {
        line: 1,
        column: 1,
        name: None,
        what: what.to_owned(),
    }
}

/// serde's words without the place, which is said in ours.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(reason, _)| reason.to_owned())
}

fn record(text: &str, mapping: &Mapping, index: usize, game: Value) -> Result<Record, Malformed> {
    let Value::Object(game) = game else {
        let (line, column) = locate(text, index, None);
        return Err(Malformed {
            line,
            column,
            name: None,
            what: format!("games[{index}] is not an object"),
        });
    };
    let mut cells: Vec<(Column, Cell)> = Vec::new();
    for (key, value) in game {
        let Some(column) = mapping.of(&key) else {
            continue;
        };
        if cells.iter().any(|(other, _)| *other == column) {
            continue;
        }
        let mut cell = Cell {
            texts: Vec::new(),
            list: false,
            name: format!("games[{index}].{key}"),
            line: 0,
            column: 0,
        };
        let known = match value {
            Value::Null => continue,
            Value::Array(values) => {
                cell.list = true;
                cell.texts = values.iter().filter_map(plain).collect();
                cell.texts.len() == values.len()
            }
            value => {
                cell.texts.extend(plain(&value));
                !cell.texts.is_empty()
            }
        };
        if !known {
            (cell.line, cell.column) = locate(text, index, Some(&key));
            return Err(cell.wrong("expected a text, a number or a list of texts"));
        }
        if cell.list || !cell.text().is_empty() || column == Column::Title {
            cells.push((column, cell));
        }
    }
    // The place of a value is looked for only when it is wrong: `row` asks for it.
    Ok(Record {
        line: index + 1,
        cells,
    })
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Puts the real place into a complaint about game number `index`.
pub fn placed(text: &str, index: usize, complaint: Malformed) -> Malformed {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let key = complaint
        .name
        .as_deref()
        .and_then(|name| name.split_once("]."))
        .map(|(_, key)| key);
    let (line, column) = locate(text, index, key);
    Malformed {
        line,
        column,
        ..complaint
    }
}

/// The line of each game, for a report. The text is JSON.
pub fn lines(text: &str) -> Vec<usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = Vec::new();
    walk(text, |seen| {
        if let Seen::Game { at, .. } = seen {
            lines.push(at.0);
        }
        false
    });
    lines
}

/// The line and character where game number `index` begins, or the value of its `key`.
fn locate(text: &str, index: usize, key: Option<&str>) -> (usize, usize) {
    let mut place = (1, 1);
    walk(text, |seen| match seen {
        Seen::Game { number, at } if number == index => {
            place = at;
            key.is_none()
        }
        Seen::Value {
            number,
            key: found,
            at,
        } if number == index && Some(found) == key => {
            place = at;
            true
        }
        Seen::Game { number, .. } => number > index,
        Seen::Value { .. } => false,
    });
    place
}

/// What a walk over the text passes.
enum Seen<'a> {
    /// A game begins.
    Game { number: usize, at: (usize, usize) },
    /// A value of a game begins.
    Value {
        number: usize,
        key: &'a str,
        at: (usize, usize),
    },
}

/// Line and character of a place that only moves on: a file may be one line of megabytes, so no
/// character is counted twice.
struct Here {
    line: usize,
    counted: usize,
    chars: usize,
}

impl Default for Here {
    fn default() -> Self {
        Self {
            line: 1,
            counted: 0,
            chars: 0,
        }
    }
}

impl Here {
    const fn next_line(&mut self, starts: usize) {
        self.line += 1;
        self.counted = starts;
        self.chars = 0;
    }

    fn at(&mut self, text: &str, byte: usize) -> (usize, usize) {
        self.chars += text[self.counted..byte].chars().count();
        self.counted = byte;
        (self.line, self.chars + 1)
    }
}

/// Walks over valid JSON and tells what it passes, until told to stop. A parser that kept places
/// would cost every good import what only a bad one needs.
fn walk<'a>(text: &'a str, mut tell: impl FnMut(Seen<'a>) -> bool) {
    let bytes = text.as_bytes();
    // 1 for a bare list, 2 for {"games": [ … ]}.
    let list_depth = if text.trim_start().starts_with('[') {
        1
    } else {
        2
    };
    let (mut depth, mut number, mut at) = (0_usize, 0_usize, 0_usize);
    let (mut in_games, mut last_string) = (list_depth == 1, "");
    let mut here = Here::default();
    let mut awaits: Option<&str> = None;
    while at < bytes.len() {
        let byte = bytes[at];
        if !byte.is_ascii_whitespace()
            && byte != b':'
            && let Some(key) = awaits.take()
        {
            if in_games
                && depth == list_depth + 1
                && number > 0
                && tell(Seen::Value {
                    number: number - 1,
                    key,
                    at: here.at(text, at),
                })
            {
                return;
            }
            if depth == 1 && list_depth == 2 {
                in_games = key == "games";
            }
        }
        match byte {
            b'\n' => here.next_line(at + 1),
            b'"' => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                last_string = text.get(start..at).unwrap_or_default();
            }
            b':' => awaits = Some(last_string),
            b'{' | b'[' => {
                if in_games && depth == list_depth {
                    if tell(Seen::Game {
                        number,
                        at: here.at(text, at),
                    }) {
                        return;
                    }
                    number += 1;
                }
                depth += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "{\n  \"version\": [{\"year\": 1}],\n  \"games\": [\n    {\"title\": \"A \\\"b\\\" {\", \"year\": 1998},\n    {\"title\": \"C\",\n     \"year\": \"soon\"}\n  ]\n}";

    #[test]
    fn numbers_texts_and_lists_are_read() {
        let records = read(
            r#"[{"title": "A", "year": 1998, "genres": ["RPG", "Action"], "tags": null}]"#,
            &Mapping::default(),
            9,
        )
        .unwrap()
        .0;
        let genres = records[0]
            .cells
            .iter()
            .find(|(column, _)| *column == Column::Genres)
            .unwrap();
        assert_eq!(genres.1.texts, ["RPG", "Action"]);
        assert_eq!(records[0].cells.len(), 3);
    }

    #[test]
    fn a_value_is_found_again_in_the_text() {
        assert_eq!(locate(FILE, 1, Some("year")), (6, 14));
        assert_eq!(locate(FILE, 0, Some("year")), (4, 36));
        assert_eq!(locate(FILE, 1, None), (5, 5));
        assert_eq!(lines(FILE), [4, 5]);
    }

    #[test]
    fn what_is_not_json_or_not_games_is_refused_with_its_place() {
        let error = |text: &str| read(text, &Mapping::default(), 9).unwrap_err().to_string();
        assert_eq!(
            error("{\"games\": [\n{\"title\": }]}"),
            "line 2, column 11: not JSON: expected value"
        );
        assert_eq!(
            error("{}"),
            "line 1, column 1: there is no list called games"
        );
        assert_eq!(
            error("{\"games\": [\n  {\"title\": {}}]}"),
            "line 2, column 13 (games[0].title): expected a text, a number or a list of texts"
        );
    }

    #[test]
    fn a_long_file_on_one_line_is_walked_in_one_go() {
        let game = r#"{"title":"Ys Ⅰ & Ⅱ","year":1989,"genres":["RPG"]}"#;
        let text = format!("[{}]", vec![game; 20_000].join(","));
        assert_eq!(lines(&text).len(), 20_000);
        assert_eq!(locate(&text, 19_999, Some("title")), (1, 999_961));
    }

    proptest::proptest! {
        #[test]
        fn every_game_has_its_line_whatever_the_text_around_it(
            games in proptest::collection::vec(("[a-z\"\\\\{}\\[\\]:,ä]{0,12}", 0..99_i32), 0..12),
            bare in proptest::bool::ANY,
        ) {
            let list: Vec<Value> = games.iter().map(|(title, x)| serde_json::json!({ "title": title, "x": [{ "title": x }] })).collect();
            let whole = if bare { Value::Array(list) } else { serde_json::json!({ "a": [{}], "games": list, "z": { "games": [{}] } }) };
            let text = serde_json::to_string_pretty(&whole).unwrap();
            let want: Vec<usize> = (0..games.len()).map(|n| locate(&text, n, None).0).collect();
            let read = lines(&text);
            proptest::prop_assert_eq!(&read, &want);
            proptest::prop_assert_eq!(read.len(), games.len());
            proptest::prop_assert!(read.is_sorted());
        }
    }
}
