//! What a player prefers. Whoever has chosen nothing gets what the interface says.

pub mod entity;
pub mod graphql;
pub mod service;
pub mod store;

use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// How much room there is between things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Density {
    /// Room to breathe.
    Comfortable,
    /// More on one screen.
    Compact,
}

impl Density {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Compact => "compact",
        }
    }

    /// Out of how it is stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Comfortable, Self::Compact]
            .into_iter()
            .find(|density| density.as_str() == text)
    }
}

/// How much moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Enum)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Motion {
    /// As the device says.
    System,
    /// Nothing that is not needed.
    Reduced,
    /// Everything.
    Full,
}

impl Motion {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Reduced => "reduced",
            Self::Full => "full",
        }
    }

    /// Out of how it is stored.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::System, Self::Reduced, Self::Full]
            .into_iter()
            .find(|motion| motion.as_str() == text)
    }
}
