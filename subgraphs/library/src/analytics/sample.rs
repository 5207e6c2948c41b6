//! Days for the sample library, so that its charts show something. Made up, and only for a library
//! whose games are: what a platform counted is never spread over days that nobody saw.

use crate::{
    account::entity::account,
    copy::entity as copy,
    game::{self, PLAYING, UNPLAYED, entity::holding, status_or_default},
    play::{self, entity as record},
    status::{By, entity as status, store as statuses},
};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, db::rows_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use std::collections::BTreeMap;
use uuid::Uuid;

/// No copy gets more days than this.
const MOST_DAYS: usize = 120;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Not every copy belongs to a game yet: try again in a moment.
    TooEarly,
    /// So many days were made up. None, when there were some already.
    Days(usize),
}

/// Spreads the playtime of a household's library of this name over days up to its last play, and
/// gives the games that were begun or completed a history.
pub async fn spread(ports: &Ports, household: Uuid, label: &str) -> Result<Spread, Fault> {
    let conn = ports.db.read();
    let found = account::Entity::find()
        .filter(account::Column::HouseholdId.eq(household))
        .filter(account::Column::Label.eq(label))
        .filter(account::Column::ForgottenAt.is_null())
        .one(conn)
        .await
        .doing("finding the sample library")?;
    let Some(library) = found else {
        return Ok(Spread::Days(0));
    };
    let copies = copy::Entity::find()
        .filter(copy::Column::LibraryId.eq(library.id))
        .filter(copy::Column::PlaytimeMinutes.gt(0))
        .order_by_asc(copy::Column::Id)
        .all(conn)
        .await
        .doing("loading the sample library")?;
    if copies.iter().any(|copy| copy.game_id.is_none()) {
        return Ok(Spread::TooEarly);
    }
    let ids: Vec<Uuid> = copies.iter().map(|copy| copy.id).collect();
    if !play::store::recorded(conn, &ids).await?.is_empty() {
        return Ok(Spread::Days(0));
    }
    let mut records = Vec::new();
    let mut of_games: BTreeMap<Uuid, Vec<(DateTime<Utc>, i32)>> = BTreeMap::new();
    for copy in &copies {
        let days = made_up(copy, ports.clock.now());
        if let Some(game) = copy.game_id {
            of_games.entry(game).or_default().extend(days.clone());
        }
        records.extend(days.into_iter().map(|(at, minutes)| record::ActiveModel {
            copy_id: Set(copy.id),
            day: Set(at.date_naive()),
            household_id: Set(household),
            game_id: Set(copy.game_id),
            platform: Set(copy.platform.clone()),
            minutes: Set(minutes),
        }));
    }
    let count = records.len();
    let txn = ports.db.begin().await.doing("filling the sample library")?;
    for chunk in records.chunks(rows_of::<record::Entity>()) {
        record::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(&txn)
            .await
            .doing("filling the sample library")?;
    }
    let games: Vec<Uuid> = of_games.keys().copied().collect();
    let holdings = game::store::holdings(&txn, household, &games).await?;
    let changes = of_games
        .iter()
        .filter_map(|(game, days)| Some(history(ports, holdings.get(game)?, days)))
        .flatten()
        .collect();
    // What the import made up of the moment it ran in would contradict it.
    statuses::forget(&txn, household, &games).await?;
    statuses::insert(&txn, changes).await?;
    txn.commit().await.doing("filling the sample library")?;
    Ok(Spread::Days(count))
}

/// Days and minutes, the latest first. The same for the same copy, whenever it is asked.
fn made_up(copy: &copy::Model, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, i32)> {
    // FNV-1a over the title: sizes that look chosen, and no randomness.
    let mut dice = copy
        .title
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (dice >> 33) % sides
    };
    let mut left = i64::from(copy.playtime_minutes);
    let evening = NaiveTime::from_hms_opt(20, 0, 0).unwrap_or_default();
    let mut day = copy.last_played_at.unwrap_or(now).min(now).date_naive();
    let mut days = Vec::new();
    while left > 0 && days.len() < MOST_DAYS {
        let minutes = left.min(25 + roll(155) as i64);
        days.push((day.and_time(evening).and_utc().min(now), minutes as i32));
        left -= minutes;
        // Often the next evening, sometimes a week later.
        let gap = if roll(3) == 0 { 2 + roll(9) } else { 1 };
        match day.checked_sub_days(Days::new(gap)) {
            Some(before) => day = before,
            None => break,
        }
    }
    days
}

/// When a game was begun, over all its copies, and came to stand where it does.
fn history(
    ports: &Ports,
    row: &holding::Model,
    days: &[(DateTime<Utc>, i32)],
) -> Vec<status::Model> {
    let begun = days.iter().map(|(at, _)| *at).min();
    let over = days.iter().map(|(at, long)| *at + minutes(*long)).max();
    let (Some(begun), Some(over)) = (begun, over) else {
        return Vec::new();
    };
    let change = |from: &str, to: &str, at: DateTime<Utc>, by: By| status::Model {
        id: ports.ids.new_id(),
        household_id: row.household_id,
        game_id: row.game_id,
        from: from.to_owned(),
        to: to.to_owned(),
        at,
        by,
    };
    let stands = status_or_default(row.status.as_deref());
    if stands == UNPLAYED {
        return Vec::new();
    }
    let mut changes = vec![change(UNPLAYED, PLAYING, begun, By::Rule)];
    if stands != PLAYING {
        changes.push(change(PLAYING, stands, over, By::Person));
    }
    changes
}

fn minutes(long: i32) -> TimeDelta {
    TimeDelta::minutes(i64::from(long))
}
