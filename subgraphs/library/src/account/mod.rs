//! Linked accounts: a library is one account of a household on one platform, or a shelf of files.

pub mod entity;
mod error;
pub mod graphql;
pub mod loader;
pub mod mutation;
pub mod reseal;
mod service;
pub mod store;
mod tokens;

pub use error::{LinkError, UnlinkError};
pub use loader::loaders;
pub use service::{Accounts, shelf, shelf_key};

use crate::copy::clean;
use djinn_kernel::{
    Role, Scope,
    viewer::{Denied, Identity},
};

/// The longest label, in characters.
pub const MAX_LABEL: usize = 80;
/// The longest value of a connection field, in characters: an address with a code in it, or a
/// signed token.
pub const MAX_VALUE: usize = 4_000;

/// A label as it is stored; `None` when nothing is left of it or it is too long.
pub fn label(typed: &str) -> Option<String> {
    let label = clean(typed, MAX_LABEL + 1);
    (!label.is_empty() && label.chars().count() <= MAX_LABEL).then_some(label)
}

/// Whether `identity` may change the household's libraries: never a child, whatever its key says.
pub fn may_change(identity: &Identity, scope: Scope) -> Result<(), Denied> {
    if identity.role == Role::Child {
        Err(Denied::Scope(scope))
    } else {
        Ok(())
    }
}

/// The place a secret is bound to; opened anywhere else, it stays shut.
pub fn place(household: uuid::Uuid, platform: &str, field: &str, library: uuid::Uuid) -> String {
    format!("{household}/{platform}/{field}/{library}")
}
