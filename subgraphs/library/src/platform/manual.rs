//! The platform for games entered by hand or from a file.

use super::{Description, MANUAL, graphql::PlatformKind};

/// It needs nothing and lists nothing by itself.
pub fn describe() -> Description {
    Description {
        id: MANUAL.to_owned(),
        name: "Manual".to_owned(),
        kind: PlatformKind::Manual,
        can_sync: false,
        help: "A shelf of your own, for games entered by hand or from files: consoles, retro systems, other stores."
            .to_owned(),
        authorize_url: None,
        setup: None,
        fields: Vec::new(),
        limits: Vec::new(),
    }
}
