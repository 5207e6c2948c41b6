//! A circuit breaker for each platform: one that does not answer is left alone for a while.
//!
//! It is a row, so all workers of all processes share it and a restart does not forget it. After
//! [`PATIENCE`] failures in a row it opens for a minute, then twice as long for each try that fails,
//! up to half an hour. When the time is over one try decides: those who come meanwhile wait.

use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use entity::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::{cmp::min, time::Duration};

/// How many failures in a row open it.
pub const PATIENCE: i32 = 5;
/// How long it is open at first.
const SHORTEST: Duration = Duration::from_mins(1);
/// How long at most.
const LONGEST: Duration = Duration::from_mins(30);
/// How long the one try may take that decides; then another may try.
const TRY: Duration = Duration::from_mins(1);

/// The rows of breakers.
pub mod entity {
    use sea_orm::entity::prelude::*;

    /// One platform.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_breaker")]
    pub struct Model {
        /// The platform's id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub platform: String,
        /// How often in a row it did not answer.
        pub failures: i32,
        /// Not to be asked before then.
        pub open_until: Option<DateTimeUtc>,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// How long it is open after so many failures in a row, if it is.
fn open_for(failures: i32) -> Option<Duration> {
    let times = failures.checked_sub(PATIENCE)?;
    let times = u32::try_from(times).ok()?;
    // More would not fit, and is longer than the longest by far.
    let doubled = 1_u32 << min(times, 20);
    Some(min(SHORTEST.saturating_mul(doubled), LONGEST))
}

/// When `platform` may be asked again, if not now. Whoever is let through after a failure is the
/// one try: say how it went with [`answered`] or [`silent`].
pub async fn closed_until(ports: &Ports, platform: &str) -> Result<Option<DateTime<Utc>>, Fault> {
    let now = ports.clock.now();
    let known = Entity::find_by_id(platform)
        .one(ports.db.read())
        .await
        .doing("looking at a breaker")?;
    let Some(until) = known.and_then(|row| row.open_until) else {
        return Ok(None);
    };
    if until > now {
        return Ok(Some(until));
    }
    // Half open: of all who see this, one goes on.
    let txn = ports.db.begin().await.doing("trying a platform again")?;
    let taken = Entity::update_many()
        .col_expr(Column::OpenUntil, Expr::value(now + TRY))
        .filter(Column::Platform.eq(platform))
        .filter(Column::OpenUntil.eq(until))
        .exec(&txn)
        .await
        .doing("trying a platform again")?;
    txn.commit().await.doing("trying a platform again")?;
    Ok((taken.rows_affected == 0).then_some(now + TRY))
}

/// The platform answered, whatever it said: its breaker closes.
pub async fn answered(ports: &Ports, platform: &str) -> Result<(), Fault> {
    let known = Entity::find_by_id(platform)
        .filter(Column::Failures.gt(0))
        .one(ports.db.read())
        .await
        .doing("looking at a breaker")?;
    if known.is_none() {
        return Ok(());
    }
    let txn = ports.db.begin().await.doing("closing a breaker")?;
    Entity::delete_by_id(platform)
        .exec(&txn)
        .await
        .doing("closing a breaker")?;
    txn.commit().await.doing("closing a breaker")
}

/// The platform did not answer, or with an error of its own.
pub async fn silent(ports: &Ports, platform: &str) -> Result<(), Fault> {
    let txn = ports.db.begin().await.doing("noting a silent platform")?;
    // Counted first, which makes others wait: two failures at once are two.
    Entity::insert(ActiveModel {
        platform: Set(platform.to_owned()),
        failures: Set(1),
        open_until: Set(None),
    })
    .on_conflict(
        OnConflict::column(Column::Platform)
            .value(
                Column::Failures,
                Expr::col((Entity, Column::Failures)).add(1),
            )
            .to_owned(),
    )
    .exec_without_returning(&txn)
    .await
    .doing("noting a silent platform")?;
    let row = Entity::find_by_id(platform)
        .lock_exclusive()
        .one(&txn)
        .await
        .doing("looking at a breaker")?;
    if let Some(row) = row
        && let Some(open) = open_for(row.failures)
    {
        let opened = Model {
            open_until: Some(ports.clock.now() + open),
            ..row
        };
        let mut opened: ActiveModel = opened.into();
        opened.reset(Column::OpenUntil);
        opened.update(&txn).await.doing("opening a breaker")?;
        tracing::warn!(
            platform,
            seconds = open.as_secs(),
            "a platform is left alone"
        );
    }
    txn.commit().await.doing("noting a silent platform")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_five_failures_for_a_minute_and_for_half_an_hour_at_most() {
        assert_eq!(open_for(4), None);
        assert_eq!(open_for(5), Some(Duration::from_mins(1)));
        assert_eq!(open_for(7), Some(Duration::from_mins(4)));
        assert_eq!(open_for(10), Some(LONGEST));
        assert_eq!(open_for(i32::MAX), Some(LONGEST));
        assert_eq!(open_for(i32::MIN), None);
    }
}
