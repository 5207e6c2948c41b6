//! What the columns of a file mean.

use crate::copy::fold;

/// What a column of a file, or a key of a JSON game, means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The game's title. The only one that is needed.
    Title,
    /// Where it is held.
    Platform,
    /// The platform's own id of it.
    StoreId,
    /// Minutes played.
    PlaytimeMinutes,
    /// Hours played, with decimals.
    PlaytimeHours,
    /// A day or an instant.
    LastPlayed,
    /// The year of release.
    Year,
    /// The day of release, or only its year.
    ReleasedOn,
    /// Genres.
    Genres,
    /// Tags.
    Tags,
    /// Developers.
    Developer,
    /// The ESRB rating.
    Rating,
    /// Where a person stands with it.
    Status,
    /// How it is held.
    Holding,
    /// Minutes a main story takes.
    MainStoryMinutes,
}

/// Each column's own name, and the headers, folded, that are read as it.
const NAMES: &[(Column, &str, &[&str])] = &[
    (
        Column::Title,
        "title",
        &["name", "game", "gametitle", "gamename"],
    ),
    (
        Column::Platform,
        "platform",
        &["platforms", "store", "source", "system", "console"],
    ),
    (
        Column::StoreId,
        "store_id",
        &["appid", "gameid", "steamappid"],
    ),
    (
        Column::PlaytimeMinutes,
        "playtime_minutes",
        &["minutesplayed", "minutes", "playtimemin"],
    ),
    (
        Column::PlaytimeHours,
        "playtime_hours",
        &["hoursplayed", "hours", "playtimeh"],
    ),
    (
        Column::LastPlayed,
        "last_played",
        &["lastplayedat", "lastactivity"],
    ),
    (Column::Year, "year", &["releaseyear"]),
    (
        Column::ReleasedOn,
        "released_on",
        &["releasedate", "released"],
    ),
    (Column::Genres, "genres", &["genre"]),
    (Column::Tags, "tags", &["tag"]),
    (Column::Developer, "developer", &["developers"]),
    (
        Column::Rating,
        "rating",
        &["esrb", "esrbrating", "agerating"],
    ),
    (Column::Status, "status", &["completionstatus"]),
    (Column::Holding, "holding", &["ownership"]),
    (
        Column::MainStoryMinutes,
        "main_story_minutes",
        &["timetobeatminutes"],
    ),
];

impl Column {
    /// Reads a header, in any case and with or without `_` and spaces.
    pub fn of_header(header: &str) -> Option<Self> {
        let folded = fold(header);
        NAMES
            .iter()
            .find(|(_, name, others)| fold(name) == folded || others.contains(&&*folded))
            .map(|(column, ..)| *column)
    }

    /// Reads its own name, as `mapping` gives it.
    pub fn named(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(_, own, _)| *own == name)
            .map(|(column, ..)| *column)
    }

    /// All own names, for a message.
    pub fn names() -> String {
        NAMES
            .iter()
            .map(|(_, name, _)| *name)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// What a person said the columns mean; `None` leaves one out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(pub Vec<(String, Option<Column>)>);

impl Mapping {
    /// What the column of that header means.
    pub fn of(&self, header: &str) -> Option<Column> {
        match self.0.iter().find(|(name, _)| name.trim() == header.trim()) {
            Some((_, column)) => *column,
            // A header that looks like a column which was mapped by hand is not that column.
            None => Column::of_header(header)
                .filter(|column| !self.0.iter().any(|(_, mapped)| mapped == &Some(*column))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_people_write_them() {
        assert_eq!(Column::of_header("Name"), Some(Column::Title));
        assert_eq!(
            Column::of_header("Playtime (hours)"),
            Some(Column::PlaytimeHours)
        );
        assert_eq!(Column::of_header("RELEASE YEAR"), Some(Column::Year));
        assert_eq!(Column::of_header("store_id"), Some(Column::StoreId));
        assert_eq!(Column::of_header("Notes"), None);
    }

    #[test]
    fn a_mapping_by_hand_wins() {
        let mapping = Mapping(vec![
            ("Spiel".to_owned(), Some(Column::Title)),
            ("Status".to_owned(), None),
        ]);
        assert_eq!(mapping.of("Spiel"), Some(Column::Title));
        assert_eq!(mapping.of("Title"), None);
        assert_eq!(mapping.of("Status"), None);
        assert_eq!(mapping.of("Year"), Some(Column::Year));
    }
}
