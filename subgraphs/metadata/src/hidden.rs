//! What a household has hidden: for its child profiles it is not there, as what is above their
//! ceiling is not.

use crate::decision::parts;
use djinn_kernel::{Doing, Event, FamilyView, Fault, Viewer, event::GameHidden, viewer::Identity};
use djinn_subgraph_kit::{Ports, inbox};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use std::collections::HashSet;
use uuid::Uuid;

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One game that a household hid at some time.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_hidden")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: Uuid,
        /// What.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// The revision of the holding that said so.
        pub revision: i64,
        /// Hidden, or shown again.
        pub hidden: bool,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A child profile that looks.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// Whose hidden games are not there for it.
    household: Uuid,
    /// Its ceiling.
    family: FamilyView,
}

/// The child profile that this viewer is, if it is one. A grown-up goes on seeing what they hid.
pub fn child(viewer: &Viewer) -> Option<Child> {
    viewer.identity().and_then(of)
}

/// The same of somebody who signed in.
pub fn of(identity: &Identity) -> Option<Child> {
    identity.family.map(|family| Child {
        household: identity.household.0,
        family,
    })
}

/// Everything that the household hides from this child, and what is closed to it for a part that was
/// merged into it.
pub async fn all(conn: &impl ConnectionTrait, child: Child) -> Result<HashSet<Uuid>, Fault> {
    let Child { household, family } = child;
    let mut hidden = parts::closed(conn, household, family).await?;
    let rows: Vec<Uuid> = row::Entity::find()
        .select_only()
        .column(row::Column::GameId)
        .filter(row::Column::HouseholdId.eq(household))
        .filter(row::Column::Hidden.eq(true))
        .into_tuple()
        .all(conn)
        .await
        .doing("reading what is hidden")?;
    hidden.extend(rows);
    Ok(hidden)
}

/// Notes what a household hid, or shows again.
pub async fn note(ports: &Ports, event: &Event, said: &GameHidden) -> Result<(), Fault> {
    let doing = "noting what is hidden";
    let txn = ports.db.begin().await.doing(doing)?;
    let events = std::slice::from_ref(event);
    let fresh = inbox::first_times(&txn, crate::NAME, events, &*ports.clock).await?;
    if fresh.is_empty() {
        return Ok(());
    }
    let newer = Expr::col((row::Entity, row::Column::Revision))
        .lt(Expr::col((Alias::new("excluded"), row::Column::Revision)));
    row::Entity::insert(row::ActiveModel {
        household_id: Set(said.household.0),
        game_id: Set(said.game.0),
        revision: Set(said.revision),
        hidden: Set(said.hidden),
    })
    .on_conflict(
        OnConflict::columns([row::Column::HouseholdId, row::Column::GameId])
            .update_columns([row::Column::Revision, row::Column::Hidden])
            .action_and_where(newer)
            .to_owned(),
    )
    .exec_without_returning(&txn)
    .await
    .doing(doing)?;
    txn.commit().await.doing(doing)
}
