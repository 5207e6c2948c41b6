//! Looking at how somebody plays.

use super::{
    patterns::{Patterns, patterns},
    period::Period,
    scene::Scene,
    store,
    year::{Review, review},
};
use crate::{account, search::Indexes};
use chrono::{Datelike, NaiveDate};
use djinn_kernel::{
    Code, Doing, Fault,
    ids::{InvalidId, LibraryId},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, graph::Coded};

/// The first year anybody can have played in.
const FIRST_YEAR: i32 = 1970;

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum NotAnalyzed {
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// No library of the household.
    #[error("you have no library of that id")]
    NoLibrary,
    /// Not a year there can be anything to say about.
    #[error("a year is {FIRST_YEAR} to {0}")]
    Year(i32),
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for NotAnalyzed {
    fn code(&self) -> Code {
        match self {
            Self::Id(_) => Code::InvalidId,
            Self::NoLibrary => Code::NotFound,
            Self::Year(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Id(_) | Self::NoLibrary => Some("library".to_owned()),
            Self::Year(_) => Some("year".to_owned()),
            Self::Internal(_) => None,
        }
    }
}

/// Patterns over a period.
pub async fn analyze(
    ports: &Ports,
    indexes: &Indexes,
    identity: &Identity,
    library: Option<&str>,
    period: Period,
) -> Result<Patterns, NotAnalyzed> {
    let household = identity.household.0;
    let db = ports.db.read();
    let library = match library {
        Some(text) => {
            let id = LibraryId::parse(text)?.0;
            let known = account::store::get(db, household, id).await?;
            known.ok_or(NotAnalyzed::NoLibrary)?;
            Some(id)
        }
        None => None,
    };
    let index = indexes.of(ports, identity).await?;
    let zone = index.zone;
    let today = zone.day(ports.clock.now());
    let from = period.from(today);
    let (played, changed) = tokio::try_join!(
        store::played(db, household, library, from, today),
        store::changed(db, household, zone, from, today),
    )?;
    let family = identity.family;
    counted(move || {
        let scene = Scene::of(index, family, library);
        let (played, changed) = (scene.of_played(played), scene.of_changed(changed));
        patterns(&scene, &played, &changed, from, today)
    })
    .await
}

/// A year in review.
pub async fn year_in_review(
    ports: &Ports,
    indexes: &Indexes,
    identity: &Identity,
    year: i32,
) -> Result<Review, NotAnalyzed> {
    let household = identity.household.0;
    let db = ports.db.read();
    let index = indexes.of(ports, identity).await?;
    let zone = index.zone;
    let today = zone.day(ports.clock.now());
    if !(FIRST_YEAR..=today.year()).contains(&year) {
        return Err(NotAnalyzed::Year(today.year()));
    }
    let from = NaiveDate::from_ymd_opt(year - 1, 1, 1);
    let to = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(today);
    // What a file said later may tell of this year.
    let (played, changed, linked) = tokio::try_join!(
        store::played(db, household, None, from, to),
        store::changed(db, household, zone, from, today),
        store::linked(db, household),
    )?;
    let family = identity.family;
    counted(move || {
        let scene = Scene::of(index, family, None).with_libraries(linked);
        let (played, changed) = (scene.of_played(played), scene.of_changed(changed));
        review(&scene, &played, &changed, year, today)
    })
    .await
}

/// Ten years of records take some milliseconds: others are served meanwhile.
async fn counted<T: Send + 'static>(
    count: impl FnOnce() -> T + Send + 'static,
) -> Result<T, NotAnalyzed> {
    Ok(tokio::task::spawn_blocking(count)
        .await
        .doing("counting what was played")?)
}
