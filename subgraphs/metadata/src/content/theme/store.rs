//! The queries.

use super::{
    Scheme, TOKENS, Theme,
    builtin::themes,
    colour::Colour,
    entity::{Column, Entity, Model, Named},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder, sea_query::OnConflict};
use std::sync::Arc;

/// The hub's own, then the others by name.
pub async fn all(conn: &impl ConnectionTrait) -> Result<Vec<Arc<Theme>>, Fault> {
    let rows = Entity::find()
        .order_by_asc(Column::Id)
        .all(conn)
        .await
        .doing("loading themes")?;
    let mut made: Vec<_> = rows.into_iter().map(|row| Arc::new(theme(row))).collect();
    // By name as people read it, the same on both databases.
    made.sort_by_cached_key(|theme| (theme.name.to_lowercase(), theme.id.clone()));
    Ok(themes().iter().cloned().chain(made).collect())
}

fn theme(row: Model) -> Theme {
    let scheme = Scheme::parse(&row.scheme);
    // A colour that a later version added is taken from the hub's own theme of that kind.
    let own = &themes()[usize::from(scheme == Scheme::Dark)];
    let mut colours = own.colours;
    for (at, (token, _)) in TOKENS.iter().enumerate() {
        let saved = row.colours.0.get(*token);
        colours[at] = saved
            .and_then(|text| Colour::parse(text, true))
            .unwrap_or(colours[at]);
    }
    Theme {
        id: row.id,
        name: row.name,
        scheme,
        colours,
        updated_at: Some(row.updated_at),
    }
}

/// Writes a theme that somebody made.
pub async fn save(
    txn: &impl ConnectionTrait,
    theme: &Theme,
    at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Fault> {
    let colours = TOKENS.iter().zip(&theme.colours);
    let row = Model {
        id: theme.id.clone(),
        name: theme.name.clone(),
        scheme: theme.scheme.as_str().to_owned(),
        colours: Named(
            colours
                .map(|((token, _), colour)| ((*token).to_owned(), colour.to_string()))
                .collect(),
        ),
        updated_at: at,
    };
    Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(Column::Id)
                .update_columns([
                    Column::Name,
                    Column::Scheme,
                    Column::Colours,
                    Column::UpdatedAt,
                ])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("saving a theme")?;
    Ok(())
}

/// Removes a theme.
pub async fn delete(txn: &impl ConnectionTrait, id: &str) -> Result<(), Fault> {
    Entity::delete_by_id(id.to_owned())
        .exec(txn)
        .await
        .doing("removing a theme")?;
    Ok(())
}
