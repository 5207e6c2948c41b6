//! JSON, walked over in place: no more of a file than one game is ever taken apart, and every
//! value knows where it stands.

mod walk;

pub use walk::{Item, items};

use super::{
    Cell, Column, Flow, ImportFormat, Malformed, Reason, Record,
    columns::{Dialect, Mapping},
    place::{self, Here, offset},
    text::unmarked,
};
use serde_json::{Value, value::RawValue};
use std::borrow::Cow;
use walk::Fields;

/// The longest game, in bytes.
const MAX_GAME: usize = 4 * 1024 * 1024;
/// The longest value of a game that is looked at, in bytes.
const MAX_VALUE: usize = 256 * 1024;
/// The most keys of one game.
const MAX_KEYS: usize = 2_000;

/// A game of a file: its keys, and where they stand.
pub struct Game<'t> {
    text: &'t str,
    /// What it is called in complaints, for instance `games[3]`.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    column: usize,
    here: Here<'t>,
    fields: Vec<(Cow<'t, str>, &'t RawValue)>,
}

impl<'t> Game<'t> {
    /// Takes an item apart. `here` moves on to it.
    pub fn read(text: &'t str, item: &Item<'t>, here: &mut Here<'t>) -> Result<Self, Malformed> {
        let list = if item.list.is_empty() {
            "games"
        } else {
            item.list
        };
        let name = format!("{list}[{}]", item.index);
        let start = offset(text, item.raw);
        let (line, column) = here.at(start);
        let wrong = |what: String| Malformed {
            line,
            column,
            name: None,
            what: what.into(),
        };
        if item.raw.len() > MAX_GAME {
            return Err(wrong(format!("{name} has more than {MAX_GAME} bytes")));
        }
        if !item.raw.starts_with('{') {
            return Err(wrong(format!("{name} is not an object")));
        }
        let Fields(fields) = serde_json::from_str(item.raw)
            .map_err(|error| wrong(format!("{name}: {}", reason(&error))))?;
        Ok(Self {
            text,
            name,
            line,
            column,
            here: Here::from(text, start, line, column),
            fields,
        })
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'t RawValue> {
        self.fields
            .iter()
            .find(|(own, _)| own == key)
            .map(|(_, raw)| *raw)
    }

    /// The value of a key that is a text or a number.
    pub fn text(&self, key: &str) -> Option<String> {
        let raw = self.get(key).filter(|raw| raw.get().len() <= MAX_VALUE)?;
        plain(&serde_json::from_str(raw.get()).ok()?)
    }

    /// What stands behind the keys `path`, if it is short.
    pub fn value(&self, key: &str) -> Option<Value> {
        let raw = self.get(key).filter(|raw| raw.get().len() <= MAX_VALUE)?;
        serde_json::from_str(raw.get()).ok()
    }

    /// A record with no cells yet.
    pub fn record(&self) -> Record {
        Record {
            line: self.line,
            column: self.column,
            titled: None,
            cells: Vec::new(),
        }
    }

    /// A cell of this text, which stands behind `key`, for formats that say what is what.
    pub fn cell(&self, key: &str, texts: Vec<String>, list: bool) -> Cell {
        let at = self.get(key).map_or(0, |raw| offset(self.text, raw.get()));
        let (line, column) = self.here.ahead(at);
        Cell {
            texts,
            list,
            name: format!("{}.{key}", self.name),
            line,
            column,
        }
    }

    /// Reads the keys by what they mean.
    pub fn by_mapping(&self, mapping: &Mapping, dialect: Dialect) -> Result<Record, Malformed> {
        let mut record = self.record();
        let title = match dialect {
            Dialect::Plain => "title",
            Dialect::Playnite => "Name",
        };
        record.titled = Some(format!("{}.{title}", self.name));
        for (key, raw) in &self.fields {
            let Some(column) = mapping.of(key, dialect) else {
                continue;
            };
            if record.cells.iter().any(|(other, _)| *other == column) {
                continue;
            }
            if raw.get() == "null" {
                continue;
            }
            let mut cell = self.cell(key, Vec::new(), false);
            if raw.get().len() > MAX_VALUE {
                return Err(cell.wrong(Reason::TooLong(MAX_VALUE)));
            }
            let value: Value =
                serde_json::from_str(raw.get()).map_err(|error| cell.wrong(reason(&error)))?;
            let known = match &value {
                Value::Array(values) => {
                    cell.list = true;
                    cell.texts = values.iter().filter_map(|one| said(one, dialect)).collect();
                    cell.texts.len() == values.len()
                }
                value => {
                    cell.texts.extend(said(value, dialect));
                    !cell.texts.is_empty()
                }
            };
            if !known {
                // What Playnite keeps beside is of no use here; what a person wrote must be.
                if dialect == Dialect::Playnite && column != Column::Title {
                    continue;
                }
                return Err(cell.wrong(Reason::Shape));
            }
            if cell.list || !cell.text().is_empty() || column == Column::Title {
                record.cells.push((column, cell));
            }
        }
        Ok(record)
    }

    /// The keys with a first look at what they hold.
    pub fn keys(&self) -> impl Iterator<Item = (&str, Option<String>)> {
        self.fields.iter().map(|(key, raw)| {
            let value = (raw.get().len() <= MAX_VALUE)
                .then(|| serde_json::from_str::<Value>(raw.get()).ok())
                .flatten();
            let shown = value.and_then(|value| match value {
                Value::Array(list) => {
                    let texts: Vec<String> = list.iter().take(5).filter_map(plain).collect();
                    (!texts.is_empty()).then(|| texts.join("; "))
                }
                value => said(&value, Dialect::Playnite),
            });
            (&**key, shown)
        })
    }
}

/// serde's words without the place, which is said in ours.
pub fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(reason, _)| reason.to_owned())
}

/// A text or a number as a text.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The same; Playnite's objects say it by their name, or by a date in parts.
fn said(value: &Value, dialect: Dialect) -> Option<String> {
    if dialect == Dialect::Playnite
        && let Value::Object(object) = value
    {
        let number = |key: &str| object.get(key).and_then(Value::as_i64);
        if let Some(year) = number("Year") {
            return Some(match (number("Month"), number("Day")) {
                (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
                _ => year.to_string(),
            });
        }
        return object
            .get("Name")
            .or_else(|| object.get("ReleaseDate"))
            .and_then(plain);
    }
    plain(value)
}

/// What kind of JSON it is, by its first game. What cannot be read is left for the reader to say.
pub fn kind(text: &str) -> ImportFormat {
    kind_of_first(text).unwrap_or(ImportFormat::Json)
}

/// The same, if there is a game that can be read.
pub fn kind_of_first(text: &str) -> Option<ImportFormat> {
    let mut kind = None;
    let found = items(
        unmarked(text),
        &["games", "library"],
        &mut |_, _| Ok(()),
        &mut |item| {
            if let Ok(Fields(fields)) = serde_json::from_str(item.raw) {
                let has = |key: &str| fields.iter().any(|(own, _)| own == key);
                kind = Some(if has("app_name") && has("runner") {
                    ImportFormat::Heroic
                } else if has("app_name") && has("app_title") {
                    ImportFormat::Legendary
                } else if has("Name") && (has("PluginId") || has("GameId") || has("Playtime")) {
                    ImportFormat::PlayniteJson
                } else {
                    ImportFormat::Json
                });
            }
            Ok(Flow::Break(()))
        },
    );
    drop(found);
    kind
}

/// Tells every game of a file of plain or Playnite's JSON.
pub fn each(
    text: &str,
    mapping: &Mapping,
    dialect: Dialect,
    tell: &mut dyn FnMut(Result<Record, Malformed>) -> Flow,
) -> Result<(), Malformed> {
    let text = unmarked(text);
    games(text, &["games"], &mut |game| {
        tell(game.by_mapping(mapping, dialect))
    })
}

/// Tells every game in the lists called one of `lists`.
pub fn games<'t>(
    text: &'t str,
    lists: &[&str],
    tell: &mut dyn FnMut(Game<'t>) -> Flow,
) -> Result<(), Malformed> {
    let mut here = Here::new(text);
    let mut any = text.trim_start().starts_with('[');
    let mut aside = |key: &str, raw: &RawValue| {
        if lists.contains(&key) {
            let at = offset(text, raw.get());
            return Err(place::wrong(text, at, None, format!("{key} is not a list")));
        }
        Ok(())
    };
    items(text, lists, &mut aside, &mut |item| {
        any = true;
        Ok(tell(Game::read(text, &item, &mut here)?))
    })?;
    if any || has_list(text, lists) {
        Ok(())
    } else {
        Err(place::whole(format!(
            "there is no list called {}",
            lists.join(" or ")
        )))
    }
}

/// Whether a file has more games than `most`: counted without taking one apart. One that cannot be
/// read has not, and is left for the reader to say so.
pub fn has_more_than(text: &str, most: usize) -> bool {
    let mut count = 0;
    let read = items(unmarked(text), &["games"], &mut |_, _| Ok(()), &mut |_| {
        count += 1;
        Ok(if count > most {
            Flow::Break(())
        } else {
            Flow::Continue(())
        })
    });
    read.is_ok() && count > most
}

/// Whether there is one of these lists, be it empty.
fn has_list(text: &str, lists: &[&str]) -> bool {
    let mut any = false;
    let read = items(
        text,
        &[],
        &mut |key, raw| {
            any |= lists.contains(&key) && raw.get().starts_with('[');
            Ok(())
        },
        &mut |_| Ok(Flow::Break(())),
    );
    read.is_ok() && any
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "{\n  \"version\": [{\"year\": 1}],\n  \"games\": [\n    {\"title\": \"A \\\"b\\\" {\", \"year\": 1998},\n    {\"title\": \"C\",\n     \"year\": \"soon\"}\n  ]\n}";

    fn read(text: &str) -> Result<Vec<Record>, Malformed> {
        let mut records = Vec::new();
        let mut bad = None;
        each(text, &Mapping::default(), Dialect::Plain, &mut |record| {
            match record {
                Ok(record) => records.push(record),
                Err(complaint) => {
                    bad.get_or_insert(complaint);
                }
            }
            Flow::Continue(())
        })?;
        bad.map_or(Ok(records), Err)
    }

    #[test]
    fn numbers_texts_and_lists_are_read() {
        let records =
            read(r#"[{"title": "A", "year": 1998, "genres": ["RPG", "Action"], "tags": null}]"#)
                .unwrap();
        let genres = records[0]
            .cells
            .iter()
            .find(|(column, _)| *column == Column::Genres)
            .unwrap();
        assert_eq!(genres.1.texts, ["RPG", "Action"]);
        assert_eq!(records[0].cells.len(), 3);
    }

    #[test]
    fn every_value_knows_where_it_stands() {
        let records = read(FILE).unwrap();
        let place =
            |record: &Record, at: usize| (record.cells[at].1.line, record.cells[at].1.column);
        assert_eq!(records[0].line, 4);
        assert_eq!(place(&records[0], 1), (4, 36));
        assert_eq!(records[1].line, 5);
        assert_eq!(place(&records[1], 1), (6, 14));
        assert_eq!(records[1].cells[1].1.name, "games[1].year");
    }

    #[test]
    fn what_is_not_json_or_not_games_is_refused_with_its_place() {
        let error = |text: &str| read(text).unwrap_err().to_string();
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
        assert_eq!(
            error("[{\"title\": \"A\"},\n 7]"),
            "line 2, column 2: games[1] is not an object"
        );
        assert_eq!(
            error(&format!("[\n{}", "[".repeat(1_000_000))),
            "line 2, column 64: nested too deeply: more than 64 levels"
        );
        assert!(read("{\"games\": []}").unwrap().is_empty());
        assert!(error("{\"games\": 7}").contains("not JSON"));
    }

    #[test]
    fn a_long_file_on_one_line_is_walked_in_one_go() {
        let game = r#"{"title":"Ys Ⅰ & Ⅱ","year":1989,"genres":["RPG"]}"#;
        let text = format!("[{}]", vec![game; 20_000].join(","));
        let records = read(&text).unwrap();
        assert_eq!(records.len(), 20_000);
        assert_eq!(records[19_999].cells[0].1.column, 999_961);
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
            let records = read(&text).unwrap();
            proptest::prop_assert_eq!(records.len(), games.len());
            let lines: Vec<&str> = text.lines().collect();
            for record in &records {
                let opens = lines[record.line - 1].trim_start().starts_with('{');
                proptest::prop_assert!(opens, "line {}", record.line);
                let (_, title) = &record.cells[0];
                let line: String = lines[title.line - 1].chars().skip(title.column - 1).collect();
                let said = serde_json::to_string(title.texts[0].as_str()).unwrap();
                proptest::prop_assert!(line.starts_with(&said), "{} {}", line, said);
            }
        }

        #[test]
        fn nothing_makes_it_panic(text in "[\\[{]?[\"a:,\\[\\]{}\\\\1 games]{0,60}") {
            drop(read(&text));
            let _ = kind(&text);
        }
    }
}
