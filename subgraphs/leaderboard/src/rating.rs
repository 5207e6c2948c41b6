//! How games are rated, and what households have hidden, as far as child profiles need it: a board of
//! a game that a profile may not know of is not there for that profile.

use crate::{NAME, part::row as part};
use async_trait::async_trait;
use djinn_kernel::{
    Board, Doing, Esrb, Event, FamilyView, Fault, Rated, Unrated, Viewer,
    event::{GameChanged, GameHidden, GameJoined, Payload},
    ids::PlayerId,
};
use djinn_subgraph_kit::{Consumer, Ports, inbox};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, Set,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Query, SelectStatement},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows in one statement.
const CHUNK: usize = 500;

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// One game.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "leaderboard_game")]
    pub struct Model {
        /// Its id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub game_id: Uuid,
        /// The level of the rating that a ceiling of the ESRB goes by.
        pub esrb: Option<i16>,
        /// Where it stands for ceilings of other boards, as [`djinn_kernel::Rated`] stores it; null
        /// until metadata told.
        pub boards: Option<i32>,
        /// The revision of the game that said so.
        pub revision: i64,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The rows of what households have hidden.
pub mod hidden {
    use sea_orm::entity::prelude::*;

    /// One game that a household hid at some time.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "leaderboard_hidden")]
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
    /// Its ceiling.
    pub family: FamilyView,
    /// Whose hidden games are not there for it.
    pub household: PlayerId,
}

/// The child that looks, if it is one.
pub fn child(viewer: &Viewer) -> Option<Child> {
    let identity = viewer.identity()?;
    identity.family.map(|family| Child {
        family,
        household: identity.household,
    })
}

/// The games that such a profile may know of. What nobody has told of yet is not among them.
pub fn visible(child: Child) -> SelectStatement {
    let family = child.family;
    let hides = Query::select()
        .column(hidden::Column::GameId)
        .from(hidden::Entity)
        .and_where(hidden::Column::HouseholdId.eq(child.household.0))
        .and_where(hidden::Column::Hidden.eq(true))
        .to_owned();
    let closing = Query::select()
        .column(row::Column::GameId)
        .from(row::Entity)
        .cond_where(closes(family))
        .to_owned();
    let closed = Query::select()
        .column(part::Column::GameId)
        .from(part::Entity)
        .and_where(part::Column::HouseholdId.eq(child.household.0))
        .and_where(part::Column::Joined.eq(true))
        .and_where(part::Column::PartId.in_subquery(closing))
        .to_owned();
    Query::select()
        .column(row::Column::GameId)
        .from(row::Entity)
        .cond_where(allowed(family))
        .and_where(row::Column::GameId.not_in_subquery(hides))
        .and_where(row::Column::GameId.not_in_subquery(closed))
        .to_owned()
}

/// The rows that [`FamilyView::allows`] allows.
fn allowed(family: FamilyView) -> Condition {
    let shows_unrated = family.unrated == Unrated::Show;
    let (ceiling, board) = (family.ceiling, family.ceiling.board());
    if board == Board::Esrb {
        let unrated = shows_unrated.then(|| row::Column::Esrb.is_null());
        return Condition::any()
            .add(row::Column::Esrb.lte(ceiling.esrb().level()))
            .add_option(unrated);
    }
    // Zero is unrated, and each level is one more. What is null was not told, and is between nothing.
    let bits: i32 = 1 << Rated::shift(board);
    let stands = Expr::col(row::Column::Boards).div(bits).modulo(16);
    let lowest = i32::from(!shows_unrated);
    Condition::all().add(stands.between(lowest, i32::from(ceiling.number()) + 1))
}

/// The rows that [`FamilyView::closes`] closes what they are a part of.
fn closes(family: FamilyView) -> Condition {
    let (ceiling, board) = (family.ceiling, family.ceiling.board());
    if board == Board::Esrb {
        return Condition::all().add(row::Column::Esrb.gt(ceiling.esrb().level()));
    }
    let bits: i32 = 1 << Rated::shift(board);
    let stands = Expr::col(row::Column::Boards).div(bits).modulo(16);
    Condition::any()
        .add(row::Column::Boards.is_null())
        .add(stands.gt(i32::from(ceiling.number()) + 1))
}

/// Hears how games are rated, what is hidden, and what was made one.
#[derive(Debug, Clone)]
pub struct Ratings(Ports);

impl Ratings {
    /// Over these ports.
    pub const fn new(ports: Ports) -> Self {
        Self(ports)
    }
}

#[async_trait]
impl Consumer for Ratings {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &'static [&'static str] {
        crate::CONSUMES
    }

    async fn handle(&self, event: &Event) -> Result<(), Fault> {
        self.handle_all(std::slice::from_ref(event)).await
    }

    async fn handle_all(&self, events: &[Event]) -> Result<(), Fault> {
        let doing = "noting how games are rated";
        let txn = self.0.db.begin().await.doing(doing)?;
        let fresh = inbox::first_times(&txn, NAME, events, &*self.0.clock).await?;
        if fresh.is_empty() {
            return Ok(());
        }
        // One statement can write a game once only; by id, so that two never wait for each other.
        let mut newest: BTreeMap<Uuid, GameChanged> = BTreeMap::new();
        for event in fresh.iter().filter(|event| event.kind == GameChanged::KIND) {
            // An event of an unknown shape would be no better the next time.
            let Some(game) = event.read::<GameChanged>() else {
                continue;
            };
            let known = newest.get(&game.game.0);
            if known.is_none_or(|known| known.revision < game.revision) {
                newest.insert(game.game.0, game);
            }
        }
        note_hidden(&txn, &fresh).await?;
        for joined in fresh.iter().filter_map(|event| event.read::<GameJoined>()) {
            crate::part::note(&txn, &joined).await?;
        }
        let rows: Vec<_> = newest
            .into_values()
            .map(|game| row::ActiveModel {
                game_id: Set(game.game.0),
                esrb: Set(game.esrb.map(Esrb::level)),
                boards: Set(game.boards),
                revision: Set(game.revision),
            })
            .collect();
        for rows in rows.chunks(CHUNK) {
            let newer = Expr::col((row::Entity, row::Column::Revision))
                .lt(Expr::col((Alias::new("excluded"), row::Column::Revision)));
            row::Entity::insert_many(rows.to_vec())
                .on_conflict(
                    OnConflict::column(row::Column::GameId)
                        .update_columns([
                            row::Column::Esrb,
                            row::Column::Boards,
                            row::Column::Revision,
                        ])
                        .action_and_where(newer)
                        .to_owned(),
                )
                .exec_without_returning(&txn)
                .await
                .doing(doing)?;
        }
        txn.commit().await.doing(doing)
    }
}

/// Notes what households hid, or show again.
async fn note_hidden(txn: &DatabaseTransaction, events: &[&Event]) -> Result<(), Fault> {
    let mut newest: BTreeMap<(Uuid, Uuid), GameHidden> = BTreeMap::new();
    for said in events.iter().filter_map(|event| event.read::<GameHidden>()) {
        let key = (said.household.0, said.game.0);
        let known = newest.get(&key);
        if known.is_none_or(|known| known.revision < said.revision) {
            newest.insert(key, said);
        }
    }
    let rows: Vec<_> = newest
        .into_values()
        .map(|said| hidden::ActiveModel {
            household_id: Set(said.household.0),
            game_id: Set(said.game.0),
            revision: Set(said.revision),
            hidden: Set(said.hidden),
        })
        .collect();
    for rows in rows.chunks(CHUNK) {
        let newer = Expr::col((hidden::Entity, hidden::Column::Revision)).lt(Expr::col((
            Alias::new("excluded"),
            hidden::Column::Revision,
        )));
        hidden::Entity::insert_many(rows.to_vec())
            .on_conflict(
                OnConflict::columns([hidden::Column::HouseholdId, hidden::Column::GameId])
                    .update_columns([hidden::Column::Revision, hidden::Column::Hidden])
                    .action_and_where(newer)
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("noting what is hidden")?;
    }
    Ok(())
}
