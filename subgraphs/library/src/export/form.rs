//! The shape of our own file, version 1: what is written is what is read back.
//!
//! ```json
//! {"format":"game-djinn","version":1,"timeZone":"Europe/Berlin",
//! "libraries":[
//! {"platform":"steam","account":"7656…","label":"Mine","createdAt":"2026-01-01T00:00:00.000000Z"}],
//! "games":[
//! {"copies":[{"library":0,"platform":"steam","storeId":"70","title":"Half-Life", …}],"status":"completed"},
//! {"title":"Half-Life 3","copies":[],"notes":"…"}],
//! "collections":[
//! {"name":"RPGs","rule":{…}, …},{"name":"By hand","games":[0,1], …}]}
//! ```
//! Numbers refer to the lists above. An entry is a game as its household sees it: what it merged is
//! one, what it split is two, and what became part of another game is one without copies. Keys stand in this order, what says nothing is left out, a
//! game stands on a line of its own, and nothing in it depends on ids of a hub: the same household
//! gives the same bytes on every hub.

use crate::{
    achievement::entity::{achievement, set},
    collection::rule::Rule,
    copy::Holding,
    import::word::{By, Turn},
};
use chrono::{DateTime, NaiveDate, SecondsFormat, SubsecRound, Utc};
use djinn_kernel::{
    Esrb,
    event::{BoardRating, Hints},
};
use serde::{Deserialize, Serialize};

/// What the file calls itself.
pub const FORMAT: &str = "game-djinn";
/// Its version. One that only adds optional keys is the same.
pub const VERSION: u64 = 1;

/// A library, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Library {
    /// The platform's id; `manual` for a shelf.
    pub platform: String,
    /// The platform's own id of the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What its owner calls it.
    pub label: String,
    /// When it was linked.
    #[serde(with = "micros")]
    pub created_at: DateTime<Utc>,
    /// Every how many hours its household wants it synced; 0 for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sync_every_hours: Option<i32>,
}

/// A game: its copies, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Game {
    /// The title, where no copy says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The year of release, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// The copies.
    pub copies: Vec<Copy>,
    /// The id of a status of every hub, or the name of one of the household's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who or what said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_by: Option<By>,
    /// A favourite.
    #[serde(default, skip_serializing_if = "is_false")]
    pub favourite: bool,
    /// Hidden by its owner.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// Notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// A rating, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<i16>,
    /// One's own tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How its status changed, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<Turn>,
}

/// A copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Copy {
    /// The number of its library.
    pub library: usize,
    /// The platform's id.
    pub platform: String,
    /// The platform's own id of the game.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_id: Option<String>,
    /// The title as the platform writes it.
    pub title: String,
    /// How it is held.
    pub holding: Holding,
    /// Minutes played.
    pub playtime_minutes: i32,
    /// Last played.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "maybe_micros"
    )]
    pub last_played_at: Option<DateTime<Utc>>,
    /// When the hub first saw it.
    #[serde(with = "micros")]
    pub added_at: DateTime<Utc>,
    /// The year of release, when the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i32>,
    /// What else the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hints: Option<Hint>,
    /// The status an import file gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import_status: Option<String>,
    /// Minutes by day, the earliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub play: Vec<(NaiveDate, i32)>,
    /// What was unlocked of its achievements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achievements: Option<Achievements>,
}

/// What was unlocked of a copy's achievements. What is still locked is no more than a catalogue of
/// the platform's, and is fetched again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Achievements {
    /// When they were fetched.
    #[serde(with = "micros")]
    pub fetched_at: DateTime<Utc>,
    /// How many minutes the copy had been played then.
    pub fetched_minutes: i32,
    /// How many there are, the locked ones too.
    pub total: i32,
    /// Those that are unlocked, the latest first.
    pub unlocked: Vec<Achievement>,
}

/// An achievement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Achievement {
    /// The platform's own id of it.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What was to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its picture, at the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon_url: Option<String>,
    /// It was secret.
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    /// Since when, when the platform says.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "maybe_micros"
    )]
    pub unlocked_at: Option<DateTime<Utc>>,
    /// Of how many players in a million it is: a whole number is the same wherever it is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rarity_ppm: Option<i32>,
    /// What it counts on the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<i32>,
}

impl Achievements {
    /// What is known of a copy's; nothing where nothing is unlocked.
    pub fn of((set, rows): (set::Model, Vec<achievement::Model>)) -> Option<Self> {
        let fetched_at = set.fetched_at.filter(|_| !rows.is_empty())?;
        let unlocked = rows.into_iter().map(|row| Achievement {
            key: row.key,
            name: row.name,
            description: row.description,
            icon_url: row.icon_url,
            hidden: row.hidden,
            unlocked_at: row.unlocked_at,
            rarity_ppm: row
                .rarity_percent
                .map(|percent| (percent * PPM).round() as i32),
            points: row.points,
        });
        Some(Self {
            fetched_at,
            fetched_minutes: set.fetched_minutes.unwrap_or_default(),
            total: set.total,
            unlocked: unlocked.collect(),
        })
    }
}

impl Achievement {
    /// Of how many players in a hundred it is.
    pub fn rarity_percent(&self) -> Option<f64> {
        self.rarity_ppm.map(|ppm| f64::from(ppm) / PPM)
    }
}

/// Millionths in a hundredth.
const PPM: f64 = 10_000.0;

/// What a source says about a game beside its title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hint {
    /// The ESRB rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub esrb: Option<Esrb>,
    /// What other boards say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boards: Vec<BoardRating>,
    /// Genres.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub genres: Vec<String>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Developers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub developers: Vec<String>,
    /// The day of release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_on: Option<NaiveDate>,
    /// Minutes a main story takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_story_minutes: Option<i32>,
}

impl Hint {
    /// Nothing, if they say nothing.
    pub fn of(hints: Hints) -> Option<Self> {
        (hints != Hints::default()).then_some(Self {
            esrb: hints.esrb,
            boards: hints.boards,
            genres: hints.genres,
            tags: hints.tags,
            developers: hints.developers,
            released_on: hints.released_on,
            main_story_minutes: hints.main_story_minutes,
        })
    }

    /// As everybody else has them.
    pub fn hints(self) -> Hints {
        Hints {
            esrb: self.esrb,
            boards: self.boards,
            // A file says nothing of who brings it.
            by_admin: false,
            genres: self.genres,
            tags: self.tags,
            developers: self.developers,
            released_on: self.released_on,
            main_story_minutes: self.main_story_minutes,
        }
    }
}

/// A collection of whoever exports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    /// What its player calls it.
    pub name: String,
    /// Its rule; none for a manual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// The numbers of its games in their order; none for a smart one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub games: Option<Vec<usize>>,
    /// When it was made.
    #[serde(with = "micros")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "micros")]
    pub updated_at: DateTime<Utc>,
}

/// A collection as it is read: its rule is still to be checked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadCollection {
    /// What its player calls it.
    pub name: String,
    /// Its rule.
    #[serde(default)]
    pub rule: Option<serde_json::Value>,
    /// The numbers of its games.
    #[serde(default)]
    pub games: Option<Vec<usize>>,
    /// When it was made.
    #[serde(with = "micros")]
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    #[serde(with = "micros")]
    pub updated_at: DateTime<Utc>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_false(truth: &bool) -> bool {
    !*truth
}

/// A time to the microsecond, which is what both databases keep.
pub fn to_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// The same as a text.
pub fn time(at: DateTime<Utc>) -> String {
    to_micros(at).to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

pub(crate) mod micros {
    use super::{DateTime, Utc, time, to_micros};
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&time(*at))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
        DateTime::<Utc>::deserialize(from).map(to_micros)
    }
}

mod maybe_micros {
    use super::{DateTime, Utc, micros, to_micros};
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde asks so")]
    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => micros::serialize(at, to),
            None => to.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<DateTime<Utc>>, D::Error> {
        Ok(Option::<DateTime<Utc>>::deserialize(from)?.map(to_micros))
    }
}
