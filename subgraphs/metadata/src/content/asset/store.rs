//! The queries.

use super::{
    Asset,
    entity::{Column, Entity, Model},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, sea_query::OnConflict};
use std::{collections::BTreeMap, sync::Arc};

/// All of them by name.
pub async fn all(conn: &impl ConnectionTrait) -> Result<BTreeMap<String, Arc<Asset>>, Fault> {
    let rows = Entity::find().all(conn).await.doing("loading pictures")?;
    let assets = rows.into_iter().map(|row| {
        let asset = Asset {
            name: row.name.clone(),
            url: row.url,
            media_type: row.media_type,
            size: row.width.zip(row.height),
            alt: row.alt,
            licence: row.licence,
            attribution: row.attribution,
            updated_at: row.updated_at,
        };
        (row.name, Arc::new(asset))
    });
    Ok(assets.collect())
}

/// Writes one, new or changed.
pub async fn save(txn: &impl ConnectionTrait, asset: &Asset) -> Result<(), Fault> {
    let row = Model {
        name: asset.name.clone(),
        url: asset.url.clone(),
        media_type: asset.media_type.clone(),
        width: asset.size.map(|(width, _)| width),
        height: asset.size.map(|(_, height)| height),
        alt: asset.alt.clone(),
        licence: asset.licence.clone(),
        attribution: asset.attribution.clone(),
        updated_at: asset.updated_at,
    };
    Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(Column::Name)
                .update_columns(Column::iter().filter(|column| !matches!(column, Column::Name)))
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("saving a picture")?;
    Ok(())
}

/// Removes one.
pub async fn delete(txn: &impl ConnectionTrait, name: &str) -> Result<(), Fault> {
    Entity::delete_by_id(name.to_owned())
        .exec(txn)
        .await
        .doing("removing a picture")?;
    Ok(())
}
