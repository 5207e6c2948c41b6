//! The queries.

use super::{
    Texts,
    entity::{Column, Entity, Model},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, sea_query::OnConflict,
};

/// All of them.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Texts, Fault> {
    let rows = Entity::find().all(conn).await.doing("loading texts")?;
    let rows = rows
        .into_iter()
        .map(|row| (row.language, row.key, row.text));
    Ok(Texts::new(rows))
}

/// How many were written here.
pub async fn count(conn: &impl ConnectionTrait) -> Result<u64, Fault> {
    Entity::find().count(conn).await.doing("counting texts")
}

/// Writes texts, new or changed.
pub async fn save(txn: &impl ConnectionTrait, texts: Vec<Model>) -> Result<(), Fault> {
    if texts.is_empty() {
        return Ok(());
    }
    Entity::insert_many(texts.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(
            OnConflict::columns([Column::Language, Column::Key])
                .update_column(Column::Text)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("saving texts")?;
    Ok(())
}

/// Removes one that was written here.
pub async fn delete(txn: &impl ConnectionTrait, language: &str, key: &str) -> Result<(), Fault> {
    Entity::delete_by_id((language.to_owned(), key.to_owned()))
        .exec(txn)
        .await
        .doing("removing a text")?;
    Ok(())
}
