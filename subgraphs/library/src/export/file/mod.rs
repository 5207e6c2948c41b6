//! Files on their way in and out: an upload until it is imported, an export until it is fetched.
//! In parts, so that nobody ever holds one whole who does not have to; gone when their time is up.

pub mod entity;
pub mod store;
mod sweep;
mod writer;

pub use sweep::worker;
pub use writer::Writer;

use sea_orm::{DeriveActiveEnum, EnumIter};

/// The size of a part, in bytes.
pub const PART: usize = 256 * 1024;
/// The most files of each kind a household has at a time; the oldest makes way.
pub const MOST: u64 = 3;

/// Which way it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// In.
    #[sea_orm(string_value = "upload")]
    Upload,
    /// Out.
    #[sea_orm(string_value = "export")]
    Export,
}
