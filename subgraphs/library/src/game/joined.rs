//! What a game had of its own before the marks of another came to it, so that both have theirs
//! again when the two are told apart.
//!
//! Only what nobody has changed since goes back: a note written on the merged game stays where it
//! was written.

use super::{entity::holding, holdings::Move};
use crate::{
    collection::entity::{collection, member},
    status::{By, entity as change},
};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ActiveEnum, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromJsonQueryResult, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What a person says of a game.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Marks {
    status: Option<String>,
    #[serde(default)]
    status_by: Option<String>,
    favourite: bool,
    hidden: bool,
    notes: Option<String>,
    my_rating: Option<i16>,
    #[serde(default)]
    my_tags: Option<String>,
}

impl Marks {
    fn of(row: &holding::Model) -> Self {
        Self {
            status: row.status.clone(),
            status_by: row.status_by.map(|by| by.to_value()),
            favourite: row.favourite,
            hidden: row.hidden,
            notes: row.notes.clone(),
            my_rating: row.my_rating,
            my_tags: row.my_tags.clone(),
        }
    }
}

/// What one game brought to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Brought {
    before: Marks,
    after: Marks,
    /// Collections the game came into by it.
    #[serde(default)]
    collections: Vec<Uuid>,
    /// Changes of status that came to it.
    #[serde(default)]
    changes: Vec<Uuid>,
}

/// The rows.
pub mod row {
    use super::Brought;
    use sea_orm::entity::prelude::*;

    /// One game that became part of another.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_joined")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: Uuid,
        /// The game that was left by its last copy.
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_game: Uuid,
        /// The game it went to.
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_game: Uuid,
        /// What it brought.
        #[sea_orm(column_type = "JsonBinary")]
        pub body: Brought,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What goes along when a game is left by its last copy, seen before it goes.
#[derive(Debug, Clone, Default)]
pub struct Along {
    collections: Vec<Uuid>,
    changes: Vec<Uuid>,
}

impl Along {
    /// Looks at what of `from` is to follow it to `to`.
    pub async fn see(
        txn: &DatabaseTransaction,
        household: Uuid,
        from: Uuid,
        to: Uuid,
    ) -> Result<Self, Fault> {
        let theirs = collection::Entity::find()
            .select_only()
            .column(collection::Column::Id)
            .filter(collection::Column::HouseholdId.eq(household))
            .into_query();
        let rows: Vec<(Uuid, Uuid)> = member::Entity::find()
            .select_only()
            .columns([member::Column::GameId, member::Column::CollectionId])
            .filter(member::Column::GameId.is_in([from, to]))
            .filter(Expr::col(member::Column::CollectionId).in_subquery(theirs))
            .into_tuple()
            .all(txn)
            .await
            .doing("looking at collections")?;
        let of = |game: Uuid| -> BTreeSet<Uuid> {
            let mine = rows.iter().filter(|(id, _)| *id == game);
            mine.map(|(_, collection)| *collection).collect()
        };
        let changes = change::Entity::find()
            .select_only()
            .column(change::Column::Id)
            .filter(change::Column::HouseholdId.eq(household))
            .filter(change::Column::GameId.eq(from))
            .into_tuple()
            .all(txn)
            .await
            .doing("looking at a history of status")?;
        Ok(Self {
            collections: of(from).difference(&of(to)).copied().collect(),
            changes,
        })
    }
}

/// Remembers that the marks of `from` came to a game: what it said `before`, and says `after`.
pub fn brought(
    before: &holding::Model,
    from: Uuid,
    after: &holding::Model,
    along: Along,
) -> row::Model {
    row::Model {
        household_id: before.household_id,
        from_game: from,
        to_game: before.game_id,
        body: Brought {
            before: Marks::of(before),
            after: Marks::of(after),
            collections: along.collections,
            changes: along.changes,
        },
    }
}

/// Writes what is to be remembered.
pub async fn remember(txn: &impl ConnectionTrait, rows: Vec<row::Model>) -> Result<(), Fault> {
    for rows in rows.chunks(rows_of::<row::Entity>()) {
        let rows = rows.iter().cloned();
        row::Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
            .on_conflict(
                OnConflict::columns([
                    row::Column::HouseholdId,
                    row::Column::FromGame,
                    row::Column::ToGame,
                ])
                .update_column(row::Column::Body)
                .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("remembering marks")?;
    }
    Ok(())
}

/// What comes apart again: by the game that keeps copies, what others had brought to it.
#[derive(Debug, Default)]
pub struct Parted {
    /// What is taken back from a game.
    from: HashMap<Uuid, Vec<Brought>>,
    /// Games that have copies again.
    back: BTreeSet<Uuid>,
    /// What was hidden already when it came to be one: each has its own again.
    came_hidden: BTreeSet<Move>,
}

impl Parted {
    /// Takes out of memory what `moves` tell apart, with its collections and history. `stays` says
    /// whether a game still has copies; one that has none takes everything along instead.
    pub async fn take(
        txn: &DatabaseTransaction,
        household: Uuid,
        moves: &[Move],
        stays: impl Fn(Uuid) -> bool,
    ) -> Result<Self, Fault> {
        let pairs: BTreeSet<Move> = moves
            .iter()
            .copied()
            .filter(|one| stays(one.from))
            .collect();
        let mut parted = Self::default();
        if pairs.is_empty() {
            return Ok(parted);
        }
        let mut any = Condition::any();
        for Move { from, to } in &pairs {
            any = any.add(
                Condition::all()
                    .add(row::Column::FromGame.eq(*to))
                    .add(row::Column::ToGame.eq(*from)),
            );
        }
        let rows = row::Entity::find()
            .filter(row::Column::HouseholdId.eq(household))
            .filter(any)
            .all(txn)
            .await
            .doing("recalling marks")?;
        for row in rows {
            let (kept, back) = (row.to_game, row.from_game);
            row::Entity::delete_by_id((household, back, kept))
                .exec(txn)
                .await
                .doing("recalling marks")?;
            member::Entity::delete_many()
                .filter(member::Column::GameId.eq(kept))
                .filter(member::Column::CollectionId.is_in(row.body.collections.iter().copied()))
                .exec(txn)
                .await
                .doing("taking a game out of collections")?;
            change::Entity::update_many()
                .col_expr(change::Column::GameId, Expr::value(back))
                .filter(change::Column::Id.is_in(row.body.changes.iter().copied()))
                .exec(txn)
                .await
                .doing("moving a history of status")?;
            parted.back.insert(back);
            if row.body.after.hidden {
                parted.came_hidden.insert(Move {
                    from: kept,
                    to: back,
                });
            }
            parted.from.entry(kept).or_default().push(row.body);
        }
        Ok(parted)
    }

    /// Whether the game that this came from was hidden by joining, and not since.
    pub fn came_hidden(&self, one: Move) -> bool {
        self.came_hidden.contains(&one)
    }

    /// The holding as it was before the others came to it.
    pub fn without(&self, mut row: holding::Model) -> holding::Model {
        for Brought { before, after, .. } in self.from.get(&row.game_id).into_iter().flatten() {
            if row.status == after.status {
                row.status.clone_from(&before.status);
                let by = before.status_by.as_ref();
                row.status_by = by.and_then(|by| By::try_from_value(by).ok());
            }
            if row.favourite == after.favourite {
                row.favourite = before.favourite;
            }
            if row.hidden == after.hidden {
                row.hidden = before.hidden;
            }
            if row.notes == after.notes {
                row.notes.clone_from(&before.notes);
            }
            if row.my_rating == after.my_rating {
                row.my_rating = before.my_rating;
            }
            if row.my_tags == after.my_tags {
                row.my_tags.clone_from(&before.my_tags);
            }
        }
        if self.back.contains(&row.game_id) {
            // It has been played before, so this is no first play.
            row.playtime_minutes = Ord::max(row.playtime_minutes, 1);
        }
        row
    }
}
