//! The tables of the library subgraph.

mod accounts;
mod achievements;
mod collections;
mod files;
mod for_good;
mod games;
mod household;
mod joined;
mod logins;
mod play;
mod reasons;
mod recent;
mod schedule;
mod statuses;
mod tags;

use crate::{boards::Boards, parts::Parts};
use sea_orm_migration::prelude::*;

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = accounts::migrations();
    all.extend(games::migrations());
    all.extend(collections::migrations());
    all.extend(play::migrations());
    all.extend(schedule::migrations());
    all.extend(achievements::migrations());
    all.extend(logins::migrations());
    all.extend(files::migrations());
    all.extend(joined::migrations());
    all.extend(statuses::migrations());
    all.extend(recent::migrations());
    all.extend(household::migrations());
    all.extend(tags::migrations());
    all.push(Box::new(Boards {
        migration: "m0043_library_boards",
        table: "library_game",
    }));
    all.extend(reasons::migrations());
    all.extend(for_good::migrations());
    all.push(Box::new(Parts {
        migration: "m0052_library_parts",
        table: "library_part",
    }));
    all
}
