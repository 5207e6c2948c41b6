//! Forgetting a library: not only its copies, as unlinking does, but everything that came of it.

mod error;
pub mod graphql;
mod service;
mod store;

pub use error::ForgetError;
pub use service::{Forgets, Forgotten};
