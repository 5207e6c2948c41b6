//! Statuses: how they changed, a row for every change, written in the transaction that changes it;
//! what they follow from ([`rule`]); and those a household makes for itself ([`own`]).

pub mod entity;
pub mod own;
pub mod rule;
pub mod store;

use crate::game::{entity::holding, status_or_default};
use async_graphql::Enum;
use djinn_subgraph_kit::Ports;
use sea_orm::{DeriveActiveEnum, EnumIter};

/// Who or what changed a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[graphql(name = "StatusChangedBy")]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum By {
    /// A rule of the hub: the first play starts a game.
    #[sea_orm(string_value = "rule")]
    Rule,
    /// Somebody of the household.
    #[sea_orm(string_value = "person")]
    Person,
    /// An import file.
    #[sea_orm(string_value = "import")]
    Import,
}

/// What changed between two states of a holding; nothing when it reads the same.
pub fn change(
    ports: &Ports,
    before: &holding::Model,
    after: &holding::Model,
) -> Option<entity::Model> {
    let from = status_or_default(before.status.as_deref());
    let to = status_or_default(after.status.as_deref());
    (from != to).then(|| entity::Model {
        id: ports.ids.new_id(),
        household_id: after.household_id,
        game_id: after.game_id,
        from: from.to_owned(),
        to: to.to_owned(),
        at: ports.clock.now(),
        // What nobody has changed since it was kept who did.
        by: after.status_by.unwrap_or(By::Person),
    })
}
