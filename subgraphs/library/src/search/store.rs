//! The only queries of search: what changed in a household since a revision.

use crate::{
    game::{
        entity::{fact, holding},
        part,
        store::{self, CHUNK},
    },
    household::{self, Zone},
    status::own::{self, Own},
};
use djinn_kernel::{Doing, Fault, Rated};
use sea_orm::{
    ColumnTrait, Condition, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect, QueryTrait, Select,
    prelude::{Date, DateTimeUtc, Json},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The columns of a holding that search needs; not the notes, which may be long.
#[derive(Debug, FromQueryResult)]
pub struct HoldingRow {
    pub game_id: Uuid,
    pub copies: i32,
    pub held: bool,
    pub platforms: String,
    pub libraries: String,
    pub held_as: String,
    pub playtime_minutes: i32,
    pub last_played_at: Option<DateTimeUtc>,
    pub first_added_at: Option<DateTimeUtc>,
    pub status: Option<String>,
    pub favourite: bool,
    pub hidden: bool,
    pub noted: bool,
    pub my_rating: Option<i16>,
    pub my_tags: Option<String>,
}

/// The columns of a game's facts that search needs.
#[derive(Debug, FromQueryResult)]
pub struct FactRow {
    pub game_id: Uuid,
    pub title: String,
    pub sort_key: String,
    pub kind: String,
    pub released_on: Option<Date>,
    pub release_year: Option<i32>,
    pub genres: Json,
    pub tags: Json,
    pub developers: Json,
    pub esrb: Option<i16>,
    pub boards: Option<i32>,
    pub critic_score: Option<i16>,
    pub main_story_minutes: Option<i32>,
}

/// What an index has to take over.
#[derive(Debug)]
pub struct Changes {
    /// The revision the index is at afterwards.
    pub rev: i64,
    /// Holdings that changed, or whose facts did.
    pub holdings: Vec<HoldingRow>,
    /// The facts of those games, as far as known.
    pub facts: Vec<FactRow>,
    /// How the parts of merged games are rated.
    pub parts: HashMap<Uuid, Rated>,
    /// The household's own statuses.
    pub own_statuses: Vec<Own>,
    /// Where its days begin.
    pub zone: Zone,
}

/// What changed in `household` after revision `since`, and whatever has become of `waiting`.
pub async fn changes(
    db: &DatabaseConnection,
    household: Uuid,
    since: i64,
    waiting: &[Uuid],
) -> Result<Changes, Fault> {
    // Before the rows: what is committed in between is merely read twice.
    let rev = store::rev(db, household).await?;
    let changed = Condition::all()
        .add(holding::Column::HouseholdId.eq(household))
        .add(holding::Column::IndexRev.gt(since))
        // An empty index has nothing to drop.
        .add_option((since == 0).then(|| holding::Column::Held.eq(true)));
    // Nobody waits for one after the other: they say nothing about each other.
    let (own_statuses, zone, parts, (holdings, facts)) = tokio::try_join!(
        own::store::of(db, household),
        household::store::zone(db, household),
        part::strictest(db, household),
        load(db, changed),
    )?;
    let mut changes = Changes {
        rev,
        holdings,
        facts,
        parts,
        own_statuses,
        zone,
    };
    for chunk in waiting.chunks(CHUNK) {
        let waited = Condition::all()
            .add(holding::Column::HouseholdId.eq(household))
            .add(holding::Column::IndexRev.lte(since))
            .add(holding::Column::GameId.is_in(chunk.iter().copied()));
        let (holdings, facts) = load(db, waited).await?;
        changes.holdings.extend(holdings);
        changes.facts.extend(facts);
    }
    Ok(changes)
}

async fn load(
    db: &DatabaseConnection,
    which: Condition,
) -> Result<(Vec<HoldingRow>, Vec<FactRow>), Fault> {
    let games = holding::Entity::find()
        .select_only()
        .column(holding::Column::GameId)
        .filter(which.clone())
        .into_query();
    let facts = fact::Entity::find()
        .select_only()
        .columns([
            fact::Column::GameId,
            fact::Column::Title,
            fact::Column::SortKey,
            fact::Column::Kind,
            fact::Column::ReleasedOn,
            fact::Column::ReleaseYear,
            fact::Column::Genres,
            fact::Column::Tags,
            fact::Column::Developers,
            fact::Column::Esrb,
            fact::Column::Boards,
            fact::Column::CriticScore,
            fact::Column::MainStoryMinutes,
        ])
        .filter(fact::Column::GameId.in_subquery(games))
        .into_model::<FactRow>();
    let holdings = rows(which).into_model::<HoldingRow>();
    tokio::try_join!(holdings.all(db), facts.all(db)).doing("loading what an index is made of")
}

fn rows(which: Condition) -> Select<holding::Entity> {
    holding::Entity::find()
        .select_only()
        .columns([
            holding::Column::GameId,
            holding::Column::Copies,
            holding::Column::Held,
            holding::Column::Platforms,
            holding::Column::Libraries,
            holding::Column::HeldAs,
            holding::Column::PlaytimeMinutes,
            holding::Column::LastPlayedAt,
            holding::Column::FirstAddedAt,
            holding::Column::Status,
            holding::Column::Favourite,
            holding::Column::Hidden,
            holding::Column::MyRating,
            holding::Column::MyTags,
        ])
        .column_as(holding::Column::Notes.is_not_null(), "noted")
        .filter(which)
}
