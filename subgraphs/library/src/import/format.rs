//! What kind of file it is, also when nobody says.

use super::{ImportError, Malformed, Reason, columns, csv, json, place, text};
use async_graphql::Enum;

/// What kind of file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum ImportFormat {
    /// Whatever its content says.
    Auto,
    /// A table with a header line, separated by commas, semicolons, tabs or `|`.
    Csv,
    /// A Game Djinn export, or `{"games": [{"title": …}]}`.
    Json,
    /// Playnite, the CSV of its Library Exporter. Its headers are in the language of Playnite: map
    /// those that are not found.
    PlayniteCsv,
    /// Playnite, its games as JSON.
    PlayniteJson,
    /// GOG Galaxy 2.0, its database `galaxy-2.0.db`. Only as an upload.
    GogGalaxy,
    /// Legendary, what `legendary list --json` prints.
    Legendary,
    /// Heroic, one of the files in `store_cache`, for instance `legendary_library.json`.
    Heroic,
    /// LaunchBox, one of the files in `Data/Platforms`.
    #[graphql(name = "LAUNCHBOX")]
    LaunchBox,
}

impl ImportFormat {
    /// Whether a person can say what its columns mean.
    pub const fn has_columns(self) -> bool {
        matches!(
            self,
            Self::Csv | Self::Json | Self::PlayniteCsv | Self::PlayniteJson
        )
    }

    /// Whose words its headers are.
    pub const fn dialect(self) -> columns::Dialect {
        match self {
            Self::PlayniteCsv | Self::PlayniteJson => columns::Dialect::Playnite,
            _ => columns::Dialect::Plain,
        }
    }

    /// What it is, by its first bytes and keys. `said` is what a person says; a file that cannot
    /// be that is refused here, where it can be said plainly.
    pub fn of_bytes(said: Self, bytes: &[u8]) -> Result<Self, ImportError> {
        let is_database = bytes.starts_with(b"SQLite format 3\0");
        let packed = [
            (&b"PK\x03\x04"[..], "a zip archive"),
            (b"PK\x05\x06", "a zip archive"),
            (b"\x1f\x8b", "a gzip archive"),
            (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
            (b"Rar!", "a rar archive"),
            (b"\xfd7zXZ", "an xz archive"),
            (b"BZh", "a bzip2 archive"),
        ];
        if let Some((_, what)) = packed.iter().find(|(start, _)| bytes.starts_with(start)) {
            return Err(unknown(format!(
                "this is {what}; unpack it and import the file in it"
            )));
        }
        match (said, is_database) {
            (Self::Auto | Self::GogGalaxy, true) => Ok(Self::GogGalaxy),
            (Self::GogGalaxy, false) => Err(unknown("this is not a SQLite database")),
            (_, true) => Err(unknown("this is a SQLite database, not a text")),
            (said, false) if bytes.first() == Some(&0) && bytes.get(1) == Some(&0) => {
                Err(unknown(if said == Self::Auto {
                    "this is no file that can be imported: it begins with zeros"
                } else {
                    "this is not a text: it begins with zeros"
                }))
            }
            (said, false) => Ok(said),
        }
    }

    /// The same by its text.
    pub fn of_text(said: Self, content: &str) -> Self {
        if said != Self::Auto {
            return said;
        }
        let content = text::unmarked(content);
        match content.trim_start().as_bytes().first() {
            Some(b'<') => Self::LaunchBox,
            Some(b'{' | b'[') => json::kind(content),
            _ => csv::kind(content),
        }
    }

    /// What is said of a file that has no games in it.
    pub const fn without_games(self) -> &'static str {
        match self {
            Self::GogGalaxy => "there are no games in this database of GOG Galaxy",
            Self::LaunchBox => {
                "there are no games in this file; LaunchBox keeps them in those of Data/Platforms"
            }
            _ => "there are no games in this file",
        }
    }

    /// Refuses the list of one launcher where a person says that it is another's.
    pub fn check(self, content: &str) -> Result<(), ImportError> {
        let Some(name) = self.launcher() else {
            return Ok(());
        };
        let found = json::kind_of_first(content);
        let known = |format: Self| match self {
            // What Playnite's user chose to write may be anything but another launcher's.
            Self::PlayniteJson => !matches!(format, Self::Heroic | Self::Legendary),
            _ => format == self,
        };
        if found.is_none_or(known) {
            Ok(())
        } else {
            Err(unknown(format!("this is not a list of {name}")))
        }
    }

    /// Who writes such lists, as JSON.
    const fn launcher(self) -> Option<&'static str> {
        match self {
            Self::Heroic => Some("Heroic"),
            Self::Legendary => Some("Legendary"),
            Self::PlayniteJson => Some("Playnite"),
            _ => None,
        }
    }
}

fn unknown(what: impl Into<Reason>) -> ImportError {
    ImportError::Malformed(Malformed {
        ..place::whole(what)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_it_is() {
        for (content, want) in [
            ("title,year\nDoom,1993\n", ImportFormat::Csv),
            (
                "\u{feff}Name;GameId;PluginId\nDoom;1;2\n",
                ImportFormat::PlayniteCsv,
            ),
            (r#"{"games":[{"title":"Doom"}]}"#, ImportFormat::Json),
            (r#" [{"title":"Doom"}]"#, ImportFormat::Json),
            (r#"{"format":"game-djinn","version":1}"#, ImportFormat::Json),
            (
                r#"[{"Name":"Doom","GameId":"1","PluginId":"x"}]"#,
                ImportFormat::PlayniteJson,
            ),
            (
                r#"[{"app_name":"Fox","app_title":"Doom"}]"#,
                ImportFormat::Legendary,
            ),
            (
                r#"{"library":[{"runner":"legendary","app_name":"Fox"}]}"#,
                ImportFormat::Heroic,
            ),
            (
                r#"{"games":[{"app_name":"1","runner":"gog"}]}"#,
                ImportFormat::Heroic,
            ),
            (
                "<?xml version=\"1.0\"?><LaunchBox/>",
                ImportFormat::LaunchBox,
            ),
            ("{ torn", ImportFormat::Json),
            ("", ImportFormat::Csv),
        ] {
            assert_eq!(
                ImportFormat::of_text(ImportFormat::Auto, content),
                want,
                "{content}"
            );
        }
    }

    #[test]
    fn what_cannot_be_it_is_refused_in_words() {
        let refused =
            |said, bytes: &[u8]| ImportFormat::of_bytes(said, bytes).unwrap_err().to_string();
        assert!(refused(ImportFormat::Auto, b"PK\x03\x04rest").contains("unpack it"));
        assert!(refused(ImportFormat::Csv, b"SQLite format 3\0").contains("not a text"));
        assert!(refused(ImportFormat::GogGalaxy, b"title\n").contains("not a SQLite database"));
        assert!(refused(ImportFormat::Auto, &[0; 64]).contains("begins with zeros"));
    }

    #[test]
    fn the_list_of_another_launcher_is_refused() {
        let heroic = r#"{"games":[{"app_name":"1","runner":"gog","title":"Doom"}]}"#;
        let plain = r#"{"games":[{"title":"Doom"}]}"#;
        for (said, content, sound) in [
            (ImportFormat::Heroic, heroic, true),
            (ImportFormat::Legendary, heroic, false),
            (ImportFormat::PlayniteJson, heroic, false),
            (ImportFormat::Heroic, plain, false),
            (ImportFormat::PlayniteJson, plain, true),
            (ImportFormat::Json, heroic, true),
            // What has no game, or is torn, is left for the reader to say.
            (ImportFormat::Heroic, "[]", true),
            (ImportFormat::Heroic, "{ torn", true),
        ] {
            assert_eq!(said.check(content).is_ok(), sound, "{said:?} {content}");
        }
    }
}
