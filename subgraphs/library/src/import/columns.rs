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
    /// Seconds played.
    PlaytimeSeconds,
    /// A day or an instant.
    LastPlayed,
    /// When it was added to the collection.
    Added,
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
    /// A favourite.
    Favourite,
    /// Hidden by its owner.
    Hidden,
    /// A person's notes.
    Notes,
    /// A person's rating, 0 to 100.
    MyRating,
    /// A person's own tags.
    MyTags,
    /// Where it was bought, as Playnite calls it; it counts before the platform.
    Source,
    /// Which of Playnite's plug-ins it came by: with it, the store id is the store's own.
    Plugin,
}

/// Whose words the headers of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Anybody's.
    #[default]
    Plain,
    /// Playnite's: its playtime is in seconds, its dates are written as its user's country does,
    /// and statuses may be of the user's own making.
    Playnite,
}

/// A column, its own name, what it is for people, and the headers, folded, that are read as it.
struct Known(Column, &'static str, &'static str, &'static [&'static str]);

const KNOWN: &[Known] = &[
    Known(
        Column::Title,
        "title",
        "Title. Needed.",
        &["name", "game", "gametitle", "gamename"],
    ),
    Known(
        Column::Platform,
        "platform",
        "Store or console",
        &["platforms", "store", "source", "system", "console"],
    ),
    Known(
        Column::StoreId,
        "store_id",
        "The store's own id",
        &["appid", "gameid", "steamappid"],
    ),
    Known(
        Column::PlaytimeMinutes,
        "playtime_minutes",
        "Minutes played",
        &["minutesplayed", "minutes", "playtimemin"],
    ),
    Known(
        Column::PlaytimeHours,
        "playtime_hours",
        "Hours played, like 12.5",
        &["hoursplayed", "hours", "playtimeh"],
    ),
    Known(
        Column::PlaytimeSeconds,
        "playtime_seconds",
        "Seconds played",
        &["secondsplayed", "playtimesec"],
    ),
    Known(
        Column::LastPlayed,
        "last_played",
        "Last played, like 2024-01-31",
        &["lastplayedat", "lastactivity"],
    ),
    Known(
        Column::Added,
        "added",
        "Added to the collection, like 2024-01-31",
        &["addedat", "dateadded"],
    ),
    Known(Column::Year, "year", "Year of release", &["releaseyear"]),
    Known(
        Column::ReleasedOn,
        "released_on",
        "Day of release, or its year",
        &["releasedate", "released"],
    ),
    Known(
        Column::Genres,
        "genres",
        "Genres, separated by ; | or ,",
        &["genre"],
    ),
    Known(
        Column::Tags,
        "tags",
        "Tags, separated by ; | or ,",
        &["tag"],
    ),
    Known(
        Column::Developer,
        "developer",
        "Developers, separated by ; or |",
        &["developers"],
    ),
    Known(
        Column::Rating,
        "rating",
        "ESRB rating",
        &["esrb", "esrbrating", "agerating", "ageratings"],
    ),
    Known(
        Column::Status,
        "status",
        "Where you stand with it",
        &["completionstatus"],
    ),
    Known(
        Column::Holding,
        "holding",
        "How it is held: owned, subscription, wishlist …",
        &["ownership"],
    ),
    Known(
        Column::MainStoryMinutes,
        "main_story_minutes",
        "Minutes the main story takes",
        &["timetobeatminutes"],
    ),
    Known(
        Column::Favourite,
        "favourite",
        "Favourite: yes or no",
        &["favorite"],
    ),
    Known(Column::Hidden, "hidden", "Hidden: yes or no", &[]),
    // Not "notes": other managers keep descriptions there.
    Known(Column::Notes, "my_notes", "Your notes", &[]),
    Known(
        Column::MyRating,
        "my_rating",
        "Your rating, 0 to 100",
        &["userscore", "myscore"],
    ),
    Known(
        Column::MyTags,
        "my_tags",
        "Your own tags, separated by ; | or ,",
        &[],
    ),
    Known(
        Column::Source,
        "source",
        "Where it was bought, as Playnite says",
        &[],
    ),
    Known(
        Column::Plugin,
        "plugin",
        "Playnite's id of the plug-in it came by",
        &["pluginid"],
    ),
];

impl Column {
    /// Reads a header, in any case and with or without `_` and spaces.
    pub fn of_header(header: &str, dialect: Dialect) -> Option<Self> {
        let folded = fold(header);
        if dialect == Dialect::Playnite {
            match &*folded {
                "source" | "sources" => return Some(Self::Source),
                "playtime" => return Some(Self::PlaytimeSeconds),
                "notes" => return Some(Self::Notes),
                // There they are what its user says, and not what a shop does.
                "tags" | "tag" => return Some(Self::MyTags),
                _ => {}
            }
        } else if folded == "plugin" || folded == "pluginid" {
            return None;
        }
        KNOWN
            .iter()
            .find(|Known(_, name, _, others)| fold(name) == folded || others.contains(&&*folded))
            .map(|Known(column, ..)| *column)
    }

    /// Reads its own name, as `mapping` gives it.
    pub fn named(name: &str) -> Option<Self> {
        KNOWN
            .iter()
            .find(|Known(_, own, ..)| *own == name)
            .map(|Known(column, ..)| *column)
    }

    /// Its own name.
    pub fn name(self) -> &'static str {
        KNOWN
            .iter()
            .find(|Known(column, ..)| *column == self)
            .map_or("", |Known(_, own, ..)| own)
    }

    /// All own names with what they are for people, in a good order for a form.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        KNOWN.iter().map(|Known(_, name, label, _)| (*name, *label))
    }

    /// All own names, for a message.
    pub fn names() -> String {
        Self::all()
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// What a person said the columns mean; `None` leaves one out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(pub Vec<(String, Option<Column>)>);

impl Mapping {
    /// What the column of that header means.
    pub fn of(&self, header: &str, dialect: Dialect) -> Option<Column> {
        match self.entry(header) {
            Some((_, column)) => *column,
            // A header that looks like a column which was mapped by hand is not that column.
            None => Column::of_header(header, dialect)
                .filter(|column| !self.0.iter().any(|(_, mapped)| mapped == &Some(*column))),
        }
    }

    /// Whether a person said what the column of that header means, or that it is left out.
    pub fn says(&self, header: &str) -> bool {
        self.entry(header).is_some()
    }

    fn entry(&self, header: &str) -> Option<&(String, Option<Column>)> {
        let mut entries = self.0.iter();
        entries.find(|(name, _)| name.trim() == header.trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_people_write_them() {
        let of = |header| Column::of_header(header, Dialect::Plain);
        assert_eq!(of("Name"), Some(Column::Title));
        assert_eq!(of("Playtime (hours)"), Some(Column::PlaytimeHours));
        assert_eq!(of("RELEASE YEAR"), Some(Column::Year));
        assert_eq!(of("store_id"), Some(Column::StoreId));
        assert_eq!(of("Source"), Some(Column::Platform));
        assert_eq!(of("Colour"), None);
    }

    #[test]
    fn playnite_means_other_things_by_some_of_them() {
        let of = |header| Column::of_header(header, Dialect::Playnite);
        assert_eq!(of("Playtime"), Some(Column::PlaytimeSeconds));
        assert_eq!(of("Source"), Some(Column::Source));
        assert_eq!(of("PluginId"), Some(Column::Plugin));
        assert_eq!(of("UserScore"), Some(Column::MyRating));
        assert_eq!(of("Tags"), Some(Column::MyTags));
    }

    #[test]
    fn every_column_has_a_name_that_reads_back() {
        for (name, _) in Column::all() {
            assert_eq!(Column::named(name).map(Column::name), Some(name));
        }
    }

    #[test]
    fn a_mapping_by_hand_wins() {
        let mapping = Mapping(vec![
            ("Spiel".to_owned(), Some(Column::Title)),
            ("Status".to_owned(), None),
        ]);
        let of = |header| mapping.of(header, Dialect::Plain);
        assert_eq!(of("Spiel"), Some(Column::Title));
        assert_eq!(of("Title"), None);
        assert_eq!(of("Status"), None);
        assert_eq!(of("Year"), Some(Column::Year));
    }
}
