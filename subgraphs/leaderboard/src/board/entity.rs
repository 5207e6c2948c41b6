//! The rows of boards.

use super::{Board, Operator, Order};
use djinn_kernel::ids::{BoardId, GameId};
use sea_orm::entity::prelude::*;

/// A board.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leaderboard_board")]
pub struct Model {
    /// Version 7, so newer boards sort later.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// The game, by id only: it lives in another subgraph.
    pub game_id: Option<Uuid>,
    /// Which way it runs.
    pub direction: Direction,
    /// What a new score does.
    pub operator: Rule,
    /// What the numbers mean.
    pub unit: Option<String>,
    /// Who made it.
    pub created_by: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
}

/// None.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}

/// [`Order`] as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Direction {
    /// Points.
    #[sea_orm(string_value = "higher")]
    Higher,
    /// Times.
    #[sea_orm(string_value = "lower")]
    Lower,
}

/// [`Operator`] as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Rule {
    /// The better stays.
    #[sea_orm(string_value = "best")]
    Best,
    /// The newer stays.
    #[sea_orm(string_value = "set")]
    Set,
    /// They are added.
    #[sea_orm(string_value = "increment")]
    Increment,
}

impl From<Order> for Direction {
    fn from(order: Order) -> Self {
        match order {
            Order::HigherIsBetter => Self::Higher,
            Order::LowerIsBetter => Self::Lower,
        }
    }
}

impl From<Operator> for Rule {
    fn from(operator: Operator) -> Self {
        match operator {
            Operator::Best => Self::Best,
            Operator::Set => Self::Set,
            Operator::Increment => Self::Increment,
        }
    }
}

impl From<Model> for Board {
    fn from(row: Model) -> Self {
        Self {
            id: BoardId(row.id),
            name: row.name,
            game: row.game_id.map(GameId),
            order: match row.direction {
                Direction::Higher => Order::HigherIsBetter,
                Direction::Lower => Order::LowerIsBetter,
            },
            operator: match row.operator {
                Rule::Best => Operator::Best,
                Rule::Set => Operator::Set,
                Rule::Increment => Operator::Increment,
            },
            unit: row.unit,
            created_at: row.created_at,
        }
    }
}
