//! Events that cross subgraphs. They are the only way, besides `@key`, that subgraphs meet.
//!
//! An event is written to the outbox in the transaction that made it true, and is delivered at
//! least once: every handler is idempotent by [`Event::id`].

use crate::{
    Esrb, Rated, TraceParent,
    ids::{CopyId, EventId, GameId, LibraryId, PlayerId},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// An event on its way from one subgraph to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Unique; a handler that saw it does nothing the second time.
    pub id: EventId,
    /// The payload's [`Payload::KIND`].
    pub kind: String,
    /// When it became true.
    pub at: DateTime<Utc>,
    /// The payload.
    pub body: serde_json::Value,
    /// In which piece of work it came about, if that is known.
    #[serde(
        default,
        deserialize_with = "TraceParent::lenient",
        skip_serializing_if = "Option::is_none"
    )]
    pub trace: Option<TraceParent>,
}

/// A typed body of an [`Event`].
pub trait Payload: Serialize + DeserializeOwned + Send + Sync {
    /// The name on the wire, for instance `library.copies_found`.
    const KIND: &'static str;
}

impl Event {
    /// Reads the body as `P`; `None` when the event is of another kind or of a newer shape.
    pub fn read<P: Payload>(&self) -> Option<P> {
        (self.kind == P::KIND)
            .then(|| P::deserialize(&self.body).ok())
            .flatten()
    }
}

/// What kind of thing a title is. Decides what may be merged with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GameKind {
    /// A game that stands alone.
    #[default]
    Game,
    /// Downloadable content of another game.
    Dlc,
    /// A demo, beta, prologue or playtest.
    Demo,
    /// A soundtrack or artbook.
    Extra,
    /// A tool, server or editor.
    Tool,
}

/// One copy that a library found, for metadata to match to a game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundCopy {
    /// The copy.
    pub copy: CopyId,
    /// The platform's id, for instance `steam`.
    pub platform: String,
    /// The platform's own id of the game, when it has one.
    pub store_id: Option<String>,
    /// The title as the platform writes it.
    pub title: String,
    /// The year of release, when the source says.
    pub year: Option<i32>,
    /// What the source says about ratings, genres and so on, for games no provider knows.
    #[serde(default)]
    pub hints: Hints,
    /// Which entry of a file of ours brought it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<FileEntry>,
    /// Whether the platform itself says which product it is, or a file that somebody who runs the
    /// hub brought. Anybody else may name any product under any title.
    #[serde(default)]
    pub vouched: bool,
}

/// An entry of a file that a household exported: what it decided about its games is in there. Copies
/// of one entry are one game to whoever imports the file, and copies of two entries are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileEntry {
    /// The file, each time it is imported.
    pub file: Uuid,
    /// The number of the entry in it.
    pub entry: i32,
}

/// What a board other than the ESRB says, as a file writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRating {
    /// The board, for instance `PEGI`.
    pub board: String,
    /// Its rating, for instance `18`.
    pub rating: String,
}

/// What an import file said about a game.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hints {
    /// The ESRB rating.
    pub esrb: Option<Esrb>,
    /// What other boards say.
    #[serde(default)]
    pub boards: Vec<BoardRating>,
    /// Whether somebody who runs the hub brought the ratings. Anybody else's file may close a game
    /// to children, and open none: ratings hold for every household.
    #[serde(default)]
    pub by_admin: bool,
    /// Genres, as written.
    #[serde(default)]
    pub genres: Vec<String>,
    /// Tags, as written.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Developers, as written.
    #[serde(default)]
    pub developers: Vec<String>,
    /// Release date.
    pub released_on: Option<NaiveDate>,
    /// Minutes a main story takes.
    pub main_story_minutes: Option<i32>,
}

/// `library`: copies were found, or their titles changed, or a file of ours brought them again. At
/// most 100 in one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiesFound {
    /// Where.
    pub library: LibraryId,
    /// Whose library it is: what a household decides about games holds for its own copies only.
    #[serde(default)]
    pub household: Option<PlayerId>,
    /// Which.
    pub copies: Vec<FoundCopy>,
}
impl Payload for CopiesFound {
    const KIND: &'static str = "library.copies_found";
}

/// `metadata`: copies belong to these games.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopiesMatched {
    /// The library the copies came from.
    pub library: LibraryId,
    /// Grows from event to event, over all libraries of the hub: what an older one says of a copy
    /// counts no more once a newer one arrived.
    #[serde(default)]
    pub revision: i64,
    /// Copy to game.
    pub matches: Vec<(CopyId, GameId)>,
}
impl Payload for CopiesMatched {
    const KIND: &'static str = "metadata.copies_matched";
}

/// `metadata`: to a household, copies of one game are of another, because it decided so; or no
/// longer. That other game is there for its child profiles only as far as this one would be, whoever
/// tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameJoined {
    /// Whose.
    pub household: PlayerId,
    /// The game that the copies are of.
    pub game: GameId,
    /// The game that they would be of without the decision.
    pub part: GameId,
    /// Grows from event to event: an older one that arrives late is ignored.
    pub revision: i64,
    /// Joined, or told apart again.
    pub joined: bool,
}
impl Payload for GameJoined {
    const KIND: &'static str = "metadata.game_joined";
}

/// `metadata`: the searchable facts of a game, whole, whenever one of them changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameChanged {
    /// The game.
    pub game: GameId,
    /// Grows by one with every change: an older one that arrives late is ignored.
    pub revision: i64,
    /// Its title.
    pub title: String,
    /// What it is.
    pub kind: GameKind,
    /// First release.
    pub released_on: Option<NaiveDate>,
    /// Genres by name.
    pub genres: Vec<String>,
    /// Tags by name.
    pub tags: Vec<String>,
    /// Developers by name.
    pub developers: Vec<String>,
    /// The rating that a ceiling of the ESRB goes by.
    pub esrb: Option<Esrb>,
    /// Where it stands for ceilings of the other boards, as [`Rated::boards`] stores it. Absent in
    /// events of a version that knew no such ceilings.
    #[serde(default)]
    pub boards: Option<i32>,
    /// The critics' score, 0 to 100.
    pub critic_score: Option<i16>,
    /// Minutes the main story takes.
    pub main_story_minutes: Option<i32>,
    /// Whether a provider has been asked about it and answered, for or against.
    pub enriched: bool,
}
impl GameChanged {
    /// How it is rated.
    pub fn rated(&self) -> Rated {
        Rated::stored(self.esrb.map(Esrb::level), self.boards)
    }
}
impl Payload for GameChanged {
    const KIND: &'static str = "metadata.game_changed";
}

/// `metadata`: of these games no copy is left, and none will come: what was known of them is
/// forgotten. At most 100 in one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GamesForgotten {
    /// Which.
    pub games: Vec<GameId>,
}
impl Payload for GamesForgotten {
    const KIND: &'static str = "metadata.games_forgotten";
}

/// `metadata`: a provider asks us to wait; enrichment goes on by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrichmentPaused {
    /// The provider, for instance `steam-store`.
    pub provider: String,
    /// When it goes on.
    pub until: DateTime<Utc>,
}
impl Payload for EnrichmentPaused {
    const KIND: &'static str = "metadata.enrichment_paused";
}

/// `library`: what a household holds of one game, summed over its copies, whenever it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldingChanged {
    /// Whose.
    pub household: PlayerId,
    /// What.
    pub game: GameId,
    /// Grows by one with every change for this household and game.
    pub revision: i64,
    /// Whether any copy is left.
    pub held: bool,
    /// Minutes played, over all copies.
    pub playtime_minutes: i32,
    /// Last played.
    pub last_played_at: Option<DateTime<Utc>>,
    /// The status' id, for instance `playing`.
    pub status: Option<String>,
    /// Hidden by its owner.
    pub hidden: bool,
    /// A favourite of its owner.
    #[serde(default)]
    pub favourite: bool,
    /// What its owner thinks of it, 0 to 100.
    #[serde(default)]
    pub my_rating: Option<i16>,
}
impl Payload for HoldingChanged {
    const KIND: &'static str = "library.holding_changed";
}

/// `library`: a household hid a game, or shows it again. What is hidden is not there for its child
/// profiles, whoever tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameHidden {
    /// Whose.
    pub household: PlayerId,
    /// What.
    pub game: GameId,
    /// The holding's revision: an older one that arrives late is ignored.
    pub revision: i64,
    /// Hidden, or shown again.
    pub hidden: bool,
}
impl Payload for GameHidden {
    const KIND: &'static str = "library.game_hidden";
}

/// `library`: a linked account is gone, with all its copies. Told as soon as it is unlinked, and once
/// more when the last of its copies is removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryForgotten {
    /// Whose.
    pub household: PlayerId,
    /// Which.
    pub library: LibraryId,
    /// Whether it was only unlinked: then what its games were, and what was decided about them, is
    /// kept in case it comes back. Absent in events of a version that did not tell unlinking from
    /// forgetting: nothing is kept then.
    #[serde(default)]
    pub kept: bool,
}
impl Payload for LibraryForgotten {
    const KIND: &'static str = "library.forgotten";
}
