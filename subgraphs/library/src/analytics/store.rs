//! The only queries of analytics.

use super::scene::{Changed, Played};
use crate::{
    account::entity::account,
    copy::entity as copy,
    household::Zone,
    play::entity as play,
    status::{By, entity as status},
};
use chrono::{DateTime, NaiveDate, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// What a household played from one day to another, both included, by day. A record whose game is
/// not known yet is left out.
pub async fn played(
    conn: &impl ConnectionTrait,
    household: Uuid,
    library: Option<Uuid>,
    from: Option<NaiveDate>,
    to: NaiveDate,
) -> Result<Vec<Played>, Fault> {
    let mut rows = play::Entity::find()
        .select_only()
        .columns([
            play::Column::Day,
            play::Column::GameId,
            play::Column::Platform,
            play::Column::Minutes,
        ])
        .filter(play::Column::HouseholdId.eq(household))
        .filter(play::Column::GameId.is_not_null())
        .filter(play::Column::Day.lte(to))
        .order_by_asc(play::Column::Day);
    if let Some(from) = from {
        rows = rows.filter(play::Column::Day.gte(from));
    }
    if let Some(library) = library {
        let copies = copy::Entity::find()
            .select_only()
            .column(copy::Column::Id)
            .filter(copy::Column::LibraryId.eq(library))
            .filter(copy::Column::HouseholdId.eq(household))
            .into_query();
        rows = rows.filter(play::Column::CopyId.in_subquery(copies));
    }
    let rows: Vec<(NaiveDate, Uuid, String, i32)> = rows
        .into_tuple()
        .all(conn)
        .await
        .doing("loading what was played")?;
    // A handful of platforms in thousands of rows.
    let mut platforms: HashMap<String, Arc<str>> = HashMap::new();
    Ok(rows
        .into_iter()
        .map(|(day, game, platform, minutes)| {
            let platform = platforms
                .entry(platform)
                .or_insert_with_key(|id| Arc::from(id.as_str()));
            Played {
                day,
                game,
                platform: Arc::clone(platform),
                minutes: i64::from(minutes),
            }
        })
        .collect())
}

/// How a household's statuses changed from one day to another, both included, in that order;
/// days are those of `zone`.
pub async fn changed(
    conn: &impl ConnectionTrait,
    household: Uuid,
    zone: Zone,
    from: Option<NaiveDate>,
    to: NaiveDate,
) -> Result<Vec<Changed>, Fault> {
    let mut rows = status::Entity::find()
        .select_only()
        .columns([
            status::Column::GameId,
            status::Column::From,
            status::Column::To,
            status::Column::At,
            status::Column::By,
        ])
        .filter(status::Column::HouseholdId.eq(household))
        .order_by_asc(status::Column::At)
        .order_by_asc(status::Column::Id);
    if let Some(end) = zone.ends(to) {
        rows = rows.filter(status::Column::At.lt(end));
    }
    if let Some(from) = from {
        rows = rows.filter(status::Column::At.gte(zone.begins(from)));
    }
    let rows: Vec<(Uuid, String, String, DateTime<Utc>, By)> = rows
        .into_tuple()
        .all(conn)
        .await
        .doing("loading how statuses changed")?;
    Ok(rows
        .into_iter()
        .map(|(game, from, to, at, by)| Changed {
            game,
            from,
            to,
            day: zone.day(at),
            by,
        })
        .collect())
}

/// When each of a household's libraries was linked or made.
pub async fn linked(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<HashMap<Uuid, DateTime<Utc>>, Fault> {
    let rows: Vec<(Uuid, DateTime<Utc>)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::CreatedAt])
        .filter(account::Column::HouseholdId.eq(household))
        .into_tuple()
        .all(conn)
        .await
        .doing("loading since when there are libraries")?;
    Ok(rows.into_iter().collect())
}
