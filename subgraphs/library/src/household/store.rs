//! The only queries on what households have set.

use super::{
    Zone,
    entity::{Column, Entity, Model},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict,
};
use uuid::Uuid;

/// A household's time zone, if it has set one. One that this version does not know counts as none.
pub async fn set_zone(conn: &impl ConnectionTrait, household: Uuid) -> Result<Option<Zone>, Fault> {
    let row = Entity::find_by_id(household)
        .one(conn)
        .await
        .doing("loading a household's time zone")?;
    Ok(row.and_then(|row| Zone::named(&row.time_zone)))
}

/// The same; UTC where it has set none.
pub async fn zone(conn: &impl ConnectionTrait, household: Uuid) -> Result<Zone, Fault> {
    Ok(set_zone(conn, household).await?.unwrap_or_default())
}

/// Sets a household's time zone.
pub async fn save_zone(
    txn: &impl ConnectionTrait,
    household: Uuid,
    zone: Zone,
) -> Result<(), Fault> {
    let row = Model {
        household_id: household,
        time_zone: zone.name().to_owned(),
    };
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(Column::HouseholdId)
                .update_column(Column::TimeZone)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("setting a time zone")?;
    Ok(())
}
