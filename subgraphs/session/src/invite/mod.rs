//! Invites: how a second grown-up gets an account, with a household of their own.
//!
//! An admin makes a code that works once, within a week, and hands it over; whoever has it chooses
//! a name and a password. Only its hash is stored.

mod entity;
mod graphql;
mod service;
mod store;

pub use graphql::{InviteMutation, InviteQuery};
pub use service::Invites;
pub use store::sweep;

use chrono::TimeDelta;

/// How long a code is good for.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);
/// At most this many codes are out at once.
pub const MAX_OPEN: u64 = 20;
