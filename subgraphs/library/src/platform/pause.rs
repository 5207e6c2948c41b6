//! Until when a platform asked to be left alone, for everybody who uses the same credential.

use chrono::{DateTime, SecondsFormat, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use entity::{ActiveModel, Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::OnConflict};
use std::time::Duration;

/// The rows of pauses.
pub mod entity {
    use sea_orm::entity::prelude::*;

    /// One credential that has to wait.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_platform_pause")]
    pub struct Model {
        /// The platform and a digest of the credential, as in budgets.
        #[sea_orm(primary_key, auto_increment = false)]
        pub credential: String,
        /// Until when.
        pub until: DateTimeUtc,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// An instant as it stands in a sentence, and among the values of its reason: to the second, as in
/// RFC 3339. An app says it in its reader's own way.
pub fn instant(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// When any of these credentials may be used again, if not now.
pub async fn until(ports: &Ports, credentials: &[String]) -> Result<Option<DateTime<Utc>>, Fault> {
    let now = ports.clock.now();
    let waiting = Entity::find()
        .filter(Column::Credential.is_in(credentials))
        .filter(Column::Until.gt(now))
        .all(ports.db.read())
        .await
        .doing("looking whether a platform asked to wait")?;
    Ok(waiting.into_iter().map(|row| row.until).max())
}

/// Notes that `credential` has to wait for so long.
pub async fn note(ports: &Ports, credential: &str, wait: Duration) -> Result<(), Fault> {
    let now = ports.clock.now();
    let until = now + wait;
    let txn = ports.db.begin().await.doing("noting a platform's pause")?;
    Entity::delete_many()
        .filter(Column::Until.lte(now))
        .exec(&txn)
        .await
        .doing("sweeping pauses")?;
    Entity::insert(ActiveModel {
        credential: Set(credential.to_owned()),
        until: Set(until),
    })
    .on_conflict(
        OnConflict::column(Column::Credential)
            .update_column(Column::Until)
            .to_owned(),
    )
    .exec_without_returning(&txn)
    .await
    .doing("noting a platform's pause")?;
    txn.commit().await.doing("noting a platform's pause")
}
