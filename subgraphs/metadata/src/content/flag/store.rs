//! The queries.

use super::{
    Flag,
    entity::{flag, own},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// All of them by key, in two queries.
pub async fn all(conn: &impl ConnectionTrait) -> Result<BTreeMap<String, Flag>, Fault> {
    let rows = flag::Entity::find()
        .order_by_asc(flag::Column::Key)
        .all(conn)
        .await
        .doing("loading feature flags")?;
    let mut flags: BTreeMap<String, Flag> = rows
        .into_iter()
        .map(|row| {
            let flag = Flag {
                key: row.key.clone(),
                description: row.description,
                enabled: row.enabled,
                percentage: row.percentage.clamp(0, 100) as u8,
                players: BTreeMap::new(),
                updated_at: row.updated_at,
            };
            (row.key, flag)
        })
        .collect();
    let rows = own::Entity::find()
        .all(conn)
        .await
        .doing("loading players' feature flags")?;
    for row in rows {
        if let Some(flag) = flags.get_mut(&row.flag_key) {
            flag.players.insert(row.player_id, row.enabled);
        }
    }
    Ok(flags)
}

/// Writes a flag, without its players.
pub async fn save(txn: &impl ConnectionTrait, flag: &Flag) -> Result<(), Fault> {
    let row = flag::Model {
        key: flag.key.clone(),
        description: flag.description.clone(),
        enabled: flag.enabled,
        percentage: i16::from(flag.percentage),
        updated_at: flag.updated_at,
    };
    flag::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(flag::Column::Key)
                .update_columns([
                    flag::Column::Description,
                    flag::Column::Enabled,
                    flag::Column::Percentage,
                    flag::Column::UpdatedAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("saving a feature flag")?;
    Ok(())
}

/// Writes how a flag is for one player, or that it is for them as for others.
pub async fn save_own(
    txn: &impl ConnectionTrait,
    key: &str,
    player: Uuid,
    enabled: Option<bool>,
) -> Result<(), Fault> {
    let Some(enabled) = enabled else {
        own::Entity::delete_by_id((key.to_owned(), player))
            .exec(txn)
            .await
            .doing("removing a player's feature flag")?;
        return Ok(());
    };
    let row = own::Model {
        flag_key: key.to_owned(),
        player_id: player,
        enabled,
    };
    own::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([own::Column::FlagKey, own::Column::PlayerId])
                .update_column(own::Column::Enabled)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("saving a player's feature flag")?;
    Ok(())
}

/// Removes a flag with all its settings.
pub async fn delete(txn: &impl ConnectionTrait, key: &str) -> Result<(), Fault> {
    own::Entity::delete_many()
        .filter(own::Column::FlagKey.eq(key))
        .exec(txn)
        .await
        .doing("removing players' feature flags")?;
    flag::Entity::delete_by_id(key.to_owned())
        .exec(txn)
        .await
        .doing("removing a feature flag")?;
    Ok(())
}
