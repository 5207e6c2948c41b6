//! Pictures of the interface: logos, backgrounds, portraits. Not covers of games, which metadata
//! has from providers.
//!
//! A picture is an address, or a small file ([`picture`]) that is kept here and handed out as a
//! `data:` address, so that it needs no door of its own and reaches nobody else's server.

pub mod entity;
pub mod graphql;
pub mod picture;
pub mod service;
pub mod store;

use chrono::{DateTime, Utc};

/// At most this many pictures.
pub const MAX_ASSETS: usize = 200;
/// The longest address.
pub const MAX_URL: usize = 2000;
/// The longest alternative text, in characters.
pub const MAX_ALT: usize = 300;
/// The longest licence, in characters.
pub const MAX_LICENCE: usize = 100;
/// The longest attribution, in characters.
pub const MAX_ATTRIBUTION: usize = 300;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its name for programs.
    pub name: String,
    /// Where it is; a `data:` address, when it is kept here.
    pub url: String,
    /// Its media type, when it is kept here.
    pub media_type: Option<String>,
    /// Width and height in pixels, when it is kept here.
    pub size: Option<(i32, i32)>,
    /// What to say to somebody who does not see it; empty, when it only decorates.
    pub alt: String,
    /// Under which licence it may be shown.
    pub licence: String,
    /// Who made it.
    pub attribution: Option<String>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}
