//! Recommending to a viewer: what they may see, kept ready in memory.

use super::{
    Company, Criteria, MAX_CRITERIA, MAX_MINUTES, MAX_MOODS, MAX_PICKS, Pick, Shelf, Taste, Wish,
    alike, rank, reason::Person,
};
use crate::{
    Config,
    taste::{Facts, Held, Play, store},
};
use djinn_kernel::{
    Code, Doing, Esrb, FamilyView, Fault,
    ids::{GameId, PlayerId},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, graph::Coded};
use moka::future::Cache;
use std::{collections::HashSet, sync::Arc, time::Duration};

/// The use cases.
#[derive(Debug, Clone)]
pub struct RecommendService {
    ports: Ports,
    /// By household, ceiling and revision: a change makes a new key, and the old one ages out.
    ready: Cache<(PlayerId, Option<FamilyView>, i64), Arc<Ready>>,
}

/// A household's games as one viewer may see them, worked out.
#[derive(Debug)]
pub struct Ready {
    /// The games.
    pub shelf: Shelf,
    /// What is liked.
    pub taste: Taste,
    /// What is not there for this viewer although it is below their ceiling: what the household of
    /// a child hid.
    hidden: HashSet<GameId>,
}

/// One fault, told to everyone who waited for the same work.
#[derive(Debug, Clone, thiserror::Error)]
#[error(transparent)]
pub struct Shared(Arc<Fault>);

impl From<Fault> for Shared {
    fn from(fault: Fault) -> Self {
        Self(Arc::new(fault))
    }
}

impl Coded for Shared {
    fn code(&self) -> Code {
        Code::Internal
    }
}

/// Nothing can be recommended.
#[derive(Debug, thiserror::Error)]
pub enum RecommendError {
    /// Too many or too few were asked for.
    #[error("`{field}` must be between 1 and {MAX_PICKS}, not {given}")]
    Limit {
        /// The argument.
        field: &'static str,
        /// What was given.
        given: i32,
    },
    /// Too many moods.
    #[error("`moods` are at most {MAX_MOODS}, not {0}")]
    Moods(usize),
    /// No time, or more than anybody has.
    #[error("`minutes` must be between 1 and {MAX_MINUTES}, not {0}")]
    Minutes(i32),
    /// The text is too long.
    #[error("`{0}` may have at most {MAX_CRITERIA} characters")]
    Long(&'static str),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Shared),
}

impl Coded for RecommendError {
    fn code(&self) -> Code {
        match self {
            Self::Limit { .. } | Self::Long(_) | Self::Moods(_) | Self::Minutes(_) => {
                Code::InvalidInput
            }
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Limit { field, .. } | Self::Long(field) => Some((*field).to_owned()),
            Self::Moods(_) => Some("moods".to_owned()),
            Self::Minutes(_) => Some("minutes".to_owned()),
            Self::Internal(_) => None,
        }
    }
}

/// What was asked.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// In words.
    pub criteria: Option<String>,
    /// How many.
    pub limit: i32,
    /// Only this genre.
    pub genre: Option<String>,
    /// Minutes at hand.
    pub minutes: Option<i32>,
    /// Moods, each as a genre or tag says it.
    pub moods: Vec<String>,
    /// With whom to play.
    pub company: Option<Company>,
    /// Rated, and at most so.
    pub rating_at_most: Option<Esrb>,
}

fn checked(field: &'static str, given: i32) -> Result<usize, RecommendError> {
    u32::try_from(given)
        .ok()
        .filter(|limit| (1..=MAX_PICKS).contains(limit))
        .map(|limit| limit as usize)
        .ok_or(RecommendError::Limit { field, given })
}

fn short(field: &'static str, text: Option<&str>) -> Result<(), RecommendError> {
    let long = text.is_some_and(|text| text.chars().count() > MAX_CRITERIA);
    if long {
        Err(RecommendError::Long(field))
    } else {
        Ok(())
    }
}

impl Question {
    /// Picks games out of what is ready.
    pub fn answer(&self, ready: &Ready, identity: &Identity) -> Result<Vec<Pick>, RecommendError> {
        let limit = checked("limit", self.limit)?;
        short("criteria", self.criteria.as_deref())?;
        short("genre", self.genre.as_deref())?;
        if self.moods.len() > MAX_MOODS {
            return Err(RecommendError::Moods(self.moods.len()));
        }
        for mood in &self.moods {
            short("moods", Some(mood))?;
        }
        if let Some(minutes) = self
            .minutes
            .filter(|minutes| !(1..=MAX_MINUTES).contains(minutes))
        {
            return Err(RecommendError::Minutes(minutes));
        }
        let criteria = self
            .criteria
            .as_deref()
            .map(Criteria::parse)
            .unwrap_or_default()
            .with_moods(&self.moods);
        let criteria = match self.minutes {
            Some(minutes) => criteria.within(minutes),
            None => criteria,
        };
        let person = if identity.player == identity.household {
            Person::You
        } else {
            Person::Family
        };
        let genre = self
            .genre
            .as_deref()
            .map(str::trim)
            .filter(|genre| !genre.is_empty());
        Ok(rank(
            &ready.taste,
            &ready.shelf,
            &Wish {
                genre,
                criteria: &criteria,
                limit,
                company: self.company,
                rating_at_most: self.rating_at_most,
                person,
            },
        ))
    }
}

impl RecommendService {
    /// Over these ports.
    pub fn new(ports: Ports, config: Config) -> Self {
        let ready = Cache::builder()
            .weigher(|_, ready: &Arc<Ready>| {
                u32::try_from(ready.shelf.games().len() + 1).unwrap_or(u32::MAX)
            })
            .max_capacity(u64::from(config.cached_games))
            .time_to_idle(Duration::from_mins(30))
            .build();
        Self { ports, ready }
    }

    /// What the viewer's household holds, as far as the viewer may see it.
    pub async fn ready(&self, identity: &Identity) -> Result<Arc<Ready>, Shared> {
        let rev = store::rev(self.ports.db.read(), identity.household).await?;
        let key = (identity.household, identity.family, rev);
        let load = async {
            let mut held = store::held(self.ports.db.read(), identity.household).await?;
            // What is above the ceiling is nowhere: not among the picks, and in no reason.
            held.retain(|held| visible(identity, &held.facts));
            let mut hidden = HashSet::new();
            if identity.family.is_some() {
                hidden = store::hidden(self.ports.db.read(), identity.household).await?;
                // What a grown-up likes and thinks of games is theirs alone: a pick would tell it.
                for held in &mut held {
                    (held.play.favourite, held.play.rating) = (false, None);
                }
            }
            tokio::task::spawn_blocking(move || {
                let shelf = Shelf::build(held);
                let taste = Taste::of(&shelf);
                Arc::new(Ready {
                    shelf,
                    taste,
                    hidden,
                })
            })
            .await
            .doing("working out a household's taste")
        };
        self.ready
            .try_get_with(key, load)
            .await
            // The cache shares its own pointer to the fault already.
            .map_err(Shared)
    }

    /// The facts of games that are not on a shelf.
    pub async fn facts(&self, games: &[GameId]) -> Result<Vec<Facts>, Shared> {
        Ok(store::games(self.ports.db.read(), games).await?)
    }
}

impl Ready {
    /// Whether a game is not there for the viewer, because it was hidden from them.
    pub fn hides(&self, game: GameId) -> bool {
        self.hidden.contains(&game)
    }
}

/// Whether the viewer may see a game, as far as its rating goes.
pub fn visible(identity: &Identity, facts: &Facts) -> bool {
    identity
        .family
        .is_none_or(|family| family.allows(facts.rated))
}

/// Checks how many are wanted, then finds the games like `game`; `facts` are its own when it is
/// not on the shelf.
pub fn similar(ready: &Ready, game: GameId, facts: Option<Facts>, first: usize) -> Vec<Pick> {
    let vector = match find(ready, game) {
        Some(vector) => vector,
        None => match facts {
            Some(facts) => ready.shelf.vector_of(&Held {
                facts,
                play: Play::default(),
            }),
            None => return Vec::new(),
        },
    };
    alike(&ready.shelf, game, &vector, first)
}

fn find(ready: &Ready, game: GameId) -> Option<super::shelf::Vector> {
    ready
        .shelf
        .games()
        .iter()
        .find(|other| other.held.facts.game == game)
        .map(|game| game.vector.clone())
}

/// How many similar games are wanted, checked.
pub fn first(given: i32) -> Result<usize, RecommendError> {
    checked("first", given)
}

/// Whether the game is on the shelf.
pub fn on_shelf(ready: &Ready, game: GameId) -> bool {
    find(ready, game).is_some()
}
