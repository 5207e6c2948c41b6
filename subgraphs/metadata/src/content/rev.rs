//! One counter for all content, and at which count each kind last changed.
//!
//! A change takes the next number first, inside its transaction: writers go one after the other
//! on both databases, and a number never becomes visible before what it stands for.

use super::{Noun, TOPIC};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

/// The rows.
pub mod row {
    use sea_orm::entity::prelude::*;

    /// A kind of content, or `all`.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "metadata_content")]
    pub struct Model {
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub noun: String,
        /// The count at its last change.
        pub rev: i64,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

const ALL: &str = "all";
/// The row whose number says which count this is.
const EPOCH: &str = "epoch";

/// At which revision what last changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Revs(Vec<(String, i64)>);

impl Revs {
    /// The newest revision of all.
    pub fn all(&self) -> i64 {
        self.of(ALL)
    }

    /// Which count these are of: another database counts anew, and says so.
    pub fn epoch(&self) -> String {
        format!("{:x}", self.of(EPOCH))
    }

    /// The newest revision of what everybody shares: all but the preferences.
    pub fn shared(&self) -> i64 {
        let nouns = Noun::ALL.into_iter();
        nouns
            .filter(|noun| *noun != Noun::Preferences)
            .map(|noun| self.of(noun.as_str()))
            .max()
            .unwrap_or_default()
    }

    /// The shared kinds that changed after `since`.
    pub fn changed_after(&self, since: i64) -> Vec<Noun> {
        let nouns = Noun::ALL.into_iter();
        nouns
            .filter(|noun| *noun != Noun::Preferences && self.of(noun.as_str()) > since)
            .collect()
    }

    fn of(&self, noun: &str) -> i64 {
        let found = self.0.iter().find(|(name, _)| name == noun);
        found.map_or(0, |(_, rev)| *rev)
    }
}

/// Reads them, in one query.
pub async fn read(conn: &impl ConnectionTrait) -> Result<Revs, Fault> {
    let rows = row::Entity::find()
        .all(conn)
        .await
        .doing("reading the revisions of content")?;
    Ok(Revs(
        rows.into_iter().map(|row| (row.noun, row.rev)).collect(),
    ))
}

/// A change of one kind of content, under way. Dropped without [`Change::commit`], it never was.
pub struct Change<'p> {
    ports: &'p Ports,
    /// The transaction that makes it.
    pub txn: DatabaseTransaction,
    /// The revision it will be.
    pub rev: i64,
}

impl<'p> Change<'p> {
    /// Begins a change of `noun`.
    pub async fn begin(ports: &'p Ports, noun: Noun) -> Result<Self, Fault> {
        let txn = ports.db.begin().await.doing("changing content")?;
        let mut epoch = [0; 7];
        ports.entropy.fill(&mut epoch);
        let epoch = epoch
            .iter()
            .fold(1, |all, byte| all << 8 | i64::from(*byte));
        let epoch = row::ActiveModel {
            noun: sea_orm::Set(EPOCH.to_owned()),
            rev: sea_orm::Set(epoch),
        };
        row::Entity::insert(epoch)
            .on_conflict(
                OnConflict::column(row::Column::Noun)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(&txn)
            .await
            .doing("counting a change of content")?;
        let first = row::ActiveModel {
            noun: sea_orm::Set(ALL.to_owned()),
            rev: sea_orm::Set(1),
        };
        row::Entity::insert(first)
            .on_conflict(
                OnConflict::column(row::Column::Noun)
                    .value(
                        row::Column::Rev,
                        Expr::col((row::Entity, row::Column::Rev)).add(1),
                    )
                    .to_owned(),
            )
            .exec_without_returning(&txn)
            .await
            .doing("counting a change of content")?;
        let all = row::Entity::find()
            .filter(row::Column::Noun.eq(ALL))
            .one(&txn)
            .await
            .doing("counting a change of content")?
            .doing("finding the count of changes of content")?;
        // What one player prefers is no change to anybody else.
        if noun != Noun::Preferences {
            let at = row::ActiveModel {
                noun: sea_orm::Set(noun.as_str().to_owned()),
                rev: sea_orm::Set(all.rev),
            };
            row::Entity::insert(at)
                .on_conflict(
                    OnConflict::column(row::Column::Noun)
                        .update_column(row::Column::Rev)
                        .to_owned(),
                )
                .exec_without_returning(&txn)
                .await
                .doing("counting a change of content")?;
        }
        Ok(Self {
            ports,
            txn,
            rev: all.rev,
        })
    }

    /// Makes it true, and tells who watches.
    pub async fn commit(self) -> Result<(), Fault> {
        self.txn.commit().await.doing("changing content")?;
        self.ports.bus.poke(TOPIC);
        Ok(())
    }
}
