//! LaunchBox: the XML of a platform.
//!
//! A document type is refused whole: with it go entities that grow, and files and addresses that
//! would be fetched. What is left of XML is elements and text.

use super::{
    Cell, Column, Flow, Malformed, Reason, Record,
    place::{self, Here},
    text::unmarked,
};
use quick_xml::{Reader, XmlVersion, events::Event};

/// How deep elements may nest; LaunchBox nests three.
const MAX_DEPTH: usize = 16;
/// The longest text of an element that is looked at, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// What is said of everything else.
const NOT_THEIRS: &str = "this is not a file of LaunchBox";

/// What LaunchBox calls what.
const ELEMENTS: [(&str, Column); 15] = [
    ("Title", Column::Title),
    ("Platform", Column::Platform),
    ("Source", Column::Source),
    ("ReleaseDate", Column::ReleasedOn),
    ("Developer", Column::Developer),
    ("Genre", Column::Genres),
    ("Rating", Column::Rating),
    ("Favorite", Column::Favourite),
    ("Hide", Column::Hidden),
    ("LastPlayedDate", Column::LastPlayed),
    ("PlayTime", Column::PlaytimeSeconds),
    ("DateAdded", Column::Added),
    ("StarRating", Column::MyRating),
    ("StarRatingFloat", Column::MyRating),
    ("ApplicationPath", Column::StoreId),
];

/// What it starts a game of Steam with, before its id there.
const AT_STEAM: &str = "steam://rungameid/";

/// Tells the games of a file.
pub fn each(text: &str, tell: &mut dyn FnMut(Record) -> Flow) -> Result<(), Malformed> {
    let text = unmarked(text);
    let mut reader = Reader::from_str(text);
    let mut walk = Walk {
        text,
        here: Here::new(text),
        path: Vec::new(),
        begun: false,
        record: None,
        cell: None,
    };
    loop {
        let before = reader.buffer_position() as usize;
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = reader.error_position() as usize;
                return Err(place::wrong(text, at, None, format!("not XML: {error}")));
            }
        };
        match event {
            Event::Eof => break,
            Event::DocType(_) => {
                return Err(walk.wrong(before, "a document type (DOCTYPE) is not read"));
            }
            Event::Start(tag) => walk.open(before, tag.name().as_ref())?,
            Event::Empty(tag) => {
                walk.open(before, tag.name().as_ref())?;
                if let Some(record) = walk.close()
                    && tell(record).is_break()
                {
                    return Ok(());
                }
            }
            Event::End(_) => {
                if let Some(record) = walk.close()
                    && tell(record).is_break()
                {
                    return Ok(());
                }
            }
            Event::Text(part) => walk.add(before, &part.xml_content(XmlVersion::Explicit1_0))?,
            Event::CData(part) => walk.add(before, &part.xml_content(XmlVersion::Explicit1_0))?,
            Event::GeneralRef(entity) => {
                let known = match entity.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    Ok(None) => predefined(&entity.xml_content(XmlVersion::Explicit1_0)),
                    Err(_) => None,
                };
                let Some(c) = known else {
                    return Err(walk.wrong(before, "an entity that XML does not know"));
                };
                walk.add(before, c.encode_utf8(&mut [0; 4]))?;
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if !walk.path.is_empty() {
        let what = format!("<{}> is never closed", walk.path.join("><"));
        return Err(place::wrong(text, text.len(), None, what));
    }
    if walk.begun {
        Ok(())
    } else {
        Err(place::whole(NOT_THEIRS))
    }
}

fn predefined(entity: &str) -> Option<char> {
    Some(match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

struct Walk<'t> {
    text: &'t str,
    here: Here<'t>,
    path: Vec<String>,
    /// Whether there was any element.
    begun: bool,
    record: Option<Record>,
    cell: Option<(Option<Column>, Cell)>,
}

impl Walk<'_> {
    fn wrong(&mut self, byte: usize, what: &str) -> Malformed {
        place::wrong(self.text, byte, None, what)
    }

    fn open(&mut self, byte: usize, name: &str) -> Result<(), Malformed> {
        if self.path.len() == MAX_DEPTH {
            return Err(self.wrong(byte, "nested more than 16 deep"));
        }
        let name = crate::copy::clean(name, 40);
        match self.path.len() {
            0 if name != "LaunchBox" => {
                return Err(self.wrong(byte, NOT_THEIRS));
            }
            1 if name == "Game" => {
                let (line, column) = self.here.at(byte);
                self.record = Some(Record {
                    line,
                    column,
                    titled: Some("Title".to_owned()),
                    cells: Vec::new(),
                });
            }
            2 if self.record.is_some() => {
                let (line, column) = self.here.at(byte);
                let means = ELEMENTS
                    .iter()
                    .find(|(own, _)| *own == name)
                    .map(|(_, column)| *column)
                    .or((name == "Completed").then_some(Column::Status));
                let cell = Cell {
                    texts: vec![String::new()],
                    list: false,
                    name: name.clone(),
                    line,
                    column,
                };
                self.cell = Some((means, cell));
            }
            _ => {}
        }
        self.begun = true;
        self.path.push(name);
        Ok(())
    }

    fn add(&mut self, byte: usize, part: &str) -> Result<(), Malformed> {
        // Text beside all elements is in no XML.
        if self.path.is_empty() && !part.trim().is_empty() {
            return Err(self.wrong(byte, NOT_THEIRS));
        }
        if self.path.len() != 3 {
            return Ok(());
        }
        let Some((Some(_), cell)) = &mut self.cell else {
            return Ok(());
        };
        let Some(text) = cell.texts.first_mut() else {
            return Ok(());
        };
        if text.len() + part.len() > MAX_TEXT {
            let (line, column) = self.here.at(byte);
            return Err(Malformed {
                line,
                column,
                name: Some(cell.name.clone()),
                what: Reason::TooLong(MAX_TEXT),
            });
        }
        text.push_str(part);
        Ok(())
    }

    /// Leaves an element; the game, if it was one.
    fn close(&mut self) -> Option<Record> {
        self.path.pop();
        match self.path.len() {
            2 => {
                let (column, cell) = self.cell.take()?;
                self.keep(column?, cell);
                None
            }
            1 => {
                let mut record = self.record.take()?;
                // A store, where LaunchBox says one, is where it is held; else the console.
                if let Some(at) = place_of(&record, Column::StoreId) {
                    let mut steam = record.cells[at].1.clone();
                    steam.texts = vec!["steam".to_owned()];
                    let elsewhere =
                        |column: Column| matches!(column, Column::Source | Column::Platform);
                    record.cells.retain(|(column, _)| !elsewhere(*column));
                    record.cells.push((Column::Platform, steam));
                } else if let Some(at) = place_of(&record, Column::Source) {
                    let (_, cell) = record.cells.remove(at);
                    if let Some(at) = place_of(&record, Column::Platform) {
                        record.cells.remove(at);
                    }
                    record.cells.push((Column::Platform, cell));
                }
                Some(record)
            }
            _ => None,
        }
    }

    fn keep(&mut self, column: Column, mut cell: Cell) {
        let Some(record) = &mut self.record else {
            return;
        };
        match column {
            // "Completed" is yes or no; only yes says something.
            Column::Status => {
                if cell.text() != "true" {
                    return;
                }
                cell.texts = vec!["completed".to_owned()];
            }
            // Never played is written as nothing, and as the year 1.
            Column::LastPlayed if cell.text().starts_with("0001") => return,
            // A rating this hub does not keep must not stop a whole shelf.
            Column::Rating
                if super::cell::rating(&cell).is_err()
                    && super::board::ratings(&cell).1.is_empty() =>
            {
                return;
            }
            // Up to five stars, the more exact of two; without one it is not rated.
            Column::MyRating => {
                let stars = cell.text().parse().ok();
                let Some(rating) = stars.and_then(super::cell::stars) else {
                    return;
                };
                cell.texts = vec![rating.to_string()];
                if cell.name == "StarRatingFloat" {
                    record.cells.retain(|(other, _)| *other != column);
                }
            }
            // A shortcut to what is not of Steam has a number there that no store knows.
            Column::StoreId => {
                let number = cell.text().strip_prefix(AT_STEAM);
                let Some(id) = number.and_then(|id| id.parse::<u32>().ok()) else {
                    return;
                };
                cell.texts = vec![id.to_string()];
            }
            // With a clock and a zone; the day is what counts.
            Column::ReleasedOn => {
                let day: String = cell.text().chars().take(10).collect();
                cell.texts = vec![day];
            }
            _ => {}
        }
        if (column == Column::Title || !cell.text().is_empty())
            && !record.cells.iter().any(|(other, _)| *other == column)
        {
            record.cells.push((column, cell));
        }
    }
}

fn place_of(record: &Record, wanted: Column) -> Option<usize> {
    record
        .cells
        .iter()
        .position(|(column, _)| *column == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Record>, Malformed> {
        let mut records = Vec::new();
        each(text, &mut |record| {
            records.push(record);
            Flow::Continue(())
        })?;
        Ok(records)
    }

    const FILE: &str = "<?xml version=\"1.0\" standalone=\"yes\"?>
<LaunchBox>
  <Game>
    <Title>Ratchet &amp; Clank &#x2122;</Title>
    <Platform>Sony Playstation 2</Platform>
    <Notes>Long and <![CDATA[<b>loud</b>]]></Notes>
    <Completed>true</Completed>
    <LastPlayedDate>0001-01-01T00:00:00</LastPlayedDate>
    <PlayTime>7200</PlayTime>
    <Genre>Action; Platform</Genre>
    <Rating>Not known here</Rating>
  </Game>
  <AlternateName><GameID>1</GameID></AlternateName>
  <Game><Title/></Game>
</LaunchBox>";

    #[test]
    fn games_are_read_and_everything_else_is_passed_over() {
        let records = read(FILE).unwrap();
        assert_eq!(records.len(), 2);
        let cells: Vec<(Column, &str)> = records[0]
            .cells
            .iter()
            .map(|(column, cell)| (*column, cell.text()))
            .collect();
        assert_eq!(
            cells,
            [
                (Column::Title, "Ratchet & Clank ™"),
                (Column::Platform, "Sony Playstation 2"),
                (Column::Status, "completed"),
                (Column::PlaytimeSeconds, "7200"),
                (Column::Genres, "Action; Platform"),
            ]
        );
        let title = &records[0].cells[0].1;
        assert_eq!((records[0].line, title.line, title.column), (3, 4, 5));
    }

    #[test]
    fn stars_are_a_rating_and_what_steam_starts_has_its_id() {
        let read = |elements: &str| {
            let text = format!("<LaunchBox><Game><Title>A</Title>{elements}</Game></LaunchBox>");
            let cells = read(&text).unwrap().remove(0).cells.into_iter().skip(1);
            let said = cells.map(|(column, cell)| (column, cell.text().to_owned()));
            said.collect::<Vec<_>>()
        };
        let says = |column, text: &str| (column, text.to_owned());
        assert_eq!(
            read("<StarRating>4</StarRating><StarRatingFloat>4.5</StarRatingFloat>"),
            [says(Column::MyRating, "90")]
        );
        assert_eq!(
            read("<StarRating>3</StarRating><StarRatingFloat>0</StarRatingFloat>"),
            [says(Column::MyRating, "60")]
        );
        assert_eq!(
            read(
                "<Platform>Windows</Platform><ApplicationPath>steam://rungameid/70</ApplicationPath><Source>Steam</Source>"
            ),
            [says(Column::StoreId, "70"), says(Column::Platform, "steam")]
        );
        for other in [
            "C:\\Games\\doom.exe",
            "steam://rungameid/9223372036854775808",
        ] {
            let path = format!("<ApplicationPath>{other}</ApplicationPath>");
            assert!(read(&path).is_empty(), "{other}");
        }
    }

    #[test]
    fn bombs_and_fetched_files_are_refused_before_they_grow() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        let laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><LaunchBox><Game><Title>&lol2;</Title></Game></LaunchBox>";
        assert!(error(laughs).contains("DOCTYPE"), "{}", error(laughs));
        let file = "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><LaunchBox><Game><Title>&f;</Title></Game></LaunchBox>";
        assert!(error(file).contains("DOCTYPE"));
        assert!(
            error("<LaunchBox>\n<Game><Title>&lol;</Title></Game></LaunchBox>")
                .starts_with("line 2, column 14: an entity")
        );
        let deep = format!("<LaunchBox>{}", "<a>".repeat(1_000_000));
        assert!(error(&deep).contains("nested more than 16 deep"));
        let long = format!(
            "<LaunchBox><Game><Title>{}</Title></Game></LaunchBox>",
            "x".repeat(1_000_000)
        );
        assert!(error(&long).contains("more than 65536 bytes"));
    }

    #[test]
    fn a_torn_file_is_refused_with_its_place() {
        let error = |text: &str| read(text).unwrap_err().to_string();
        assert!(error("<LaunchBox>\n<Game><Title>A</Titel>").starts_with("line 2, column"));
        assert!(error("<LaunchBox><Game>").contains("never closed"));
        for text in [
            "<html></html>",
            "{\"games\":[]}",
            "",
            "<!-- -->",
            "<LaunchBox/> x",
        ] {
            assert!(error(text).contains("not a file of LaunchBox"), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "(<LaunchBox>)?(<Game>)?[<>/&;#!\\[\\]A-Za-z\" ä]{0,60}") {
            drop(read(&text));
        }
    }
}
