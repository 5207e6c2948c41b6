//! Why a game does not show: the title first, then the libraries that could hold it.

use super::{Kind, MOST, Reason, libraries, titles};
use crate::{
    account::{self, entity::account as row},
    collection::{self, entity::collection::Model as Collection, error::CollectionError},
    platform::Registry,
    search::{Indexes, facets::esrb_choice, filter::MAX_QUERY, index::Index, rank::Query},
    sync,
};
use djinn_kernel::{Board, Code, FamilyView, Fault, Unrated, viewer::Identity};
use djinn_subgraph_kit::{Ports, graph::Coded};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// What a person looks for.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Its title, as they typed it.
    pub title: &'a str,
    /// Only as held on this platform.
    pub platform: Option<&'a str>,
    /// The collection it should be in, by its id.
    pub collection: Option<&'a str>,
}

/// What it takes to answer.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The world.
    pub ports: &'a Ports,
    /// Indexes of households.
    pub indexes: &'a Indexes,
    /// The platforms.
    pub registry: &'a Registry,
}

/// A question that can be answered.
pub(super) struct Asked<'a> {
    pub(super) title: &'a str,
    pub(super) platform: Option<&'a str>,
    pub(super) collection: Option<Collection>,
    pub(super) index: Arc<Index>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum NotAsked {
    /// Nothing to look for.
    #[error("a title is more than spaces")]
    NoTitle,
    /// Too much typed.
    #[error("a title has at most {MAX_QUERY} characters here, not {0}")]
    LongTitle(usize),
    /// No such platform.
    #[error("no platform has the id `{0}`; the query `platforms` lists them")]
    NoPlatform(String),
    /// No id of a collection.
    #[error(transparent)]
    Collection(#[from] CollectionError),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for NotAsked {
    fn code(&self) -> Code {
        match self {
            Self::NoTitle | Self::LongTitle(_) | Self::NoPlatform(_) => Code::InvalidInput,
            Self::Collection(error) => error.code(),
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::NoTitle | Self::LongTitle(_) => Some("title".to_owned()),
            Self::NoPlatform(_) => Some("platform".to_owned()),
            Self::Collection(error) => Coded::field(error),
            Self::Internal(_) => None,
        }
    }
}

/// The reasons, the likeliest first; `None` when there is no such collection of the player's.
pub async fn why(
    desk: Desk<'_>,
    identity: &Identity,
    question: Question<'_>,
) -> Result<Option<Vec<Reason>>, NotAsked> {
    let Some(asked) = asked(desk, identity, question).await? else {
        return Ok(None);
    };
    let db = desk.ports.db.read();
    let accounts = account::store::page(db, identity.household.0, None, 100).await?;
    let by_id: HashMap<Uuid, row::Model> = (accounts.iter())
        .map(|account| (account.id, account.clone()))
        .collect();
    let found = titles::look(&desk, identity, &asked, &by_id).await?;
    let mut reasons = found.reasons;
    if !found.whole {
        let nothing = reasons.iter().all(|reason| reason.kind == Kind::Similar);
        let (mut broken, mut before) = (Vec::new(), Vec::new());
        for reason in of_libraries(desk, &asked, &accounts).await? {
            if reason.kind == Kind::SyncedBefore {
                before.push(reason);
            } else {
                broken.push(reason);
            }
        }
        let similar = if nothing {
            std::mem::take(&mut reasons)
        } else {
            Vec::new()
        };
        reasons.extend(broken);
        if nothing {
            let text = "No linked library lists a game of that title.";
            reasons.push(Reason::new(Kind::NotHeld, text));
        }
        reasons.extend(before);
        reasons.extend(similar);
        reasons.truncate(MOST - 1);
        reasons.extend(identity.family.map(of_family));
    }
    Ok(Some(reasons))
}

async fn asked<'a>(
    desk: Desk<'_>,
    identity: &Identity,
    question: Question<'a>,
) -> Result<Option<Asked<'a>>, NotAsked> {
    let length = question.title.chars().count();
    if length > MAX_QUERY {
        return Err(NotAsked::LongTitle(length));
    }
    if Query::new(question.title).is_none() {
        return Err(NotAsked::NoTitle);
    }
    let index = desk.indexes.of(desk.ports, identity).await?;
    if let Some(id) = question.platform
        && !collection::service::knows(
            desk.registry,
            &index,
            identity.family,
            (collection::field::Field::Platform, id),
        )
    {
        return Err(NotAsked::NoPlatform(id.chars().take(40).collect()));
    }
    let collection = match question.collection {
        None => None,
        Some(id) => {
            let id = collection::service::collection_id("collectionId", id)?;
            let db = desk.ports.db.read();
            let row = collection::store::find(db, identity.player.0, id).await?;
            if row.is_none() {
                return Ok(None);
            }
            row
        }
    };
    Ok(Some(Asked {
        title: question.title,
        platform: question.platform,
        collection,
        index,
    }))
}

/// What the libraries that could hold it say.
async fn of_libraries(
    desk: Desk<'_>,
    asked: &Asked<'_>,
    accounts: &[row::Model],
) -> Result<Vec<Reason>, Fault> {
    let mut asked_for = accounts.to_vec();
    asked_for.retain(|account| asked.platform.is_none_or(|id| account.platform == id));
    if asked_for.is_empty() {
        return Ok(vec![libraries::not_linked(asked.platform, desk.registry)]);
    }
    let ids: Vec<Uuid> = asked_for.iter().map(|account| account.id).collect();
    let runs = sync::store::latest_of(desk.ports.db.read(), &ids).await?;
    let of = |account: &row::Model| {
        let run = runs.iter().find(|run| run.library_id == account.id);
        libraries::reason(account, run, desk.registry)
    };
    Ok(asked_for.iter().filter_map(of).collect())
}

/// The same words whatever is looked for: they must not tell whether there is anything to hide.
fn of_family(family: FamilyView) -> Reason {
    let ceiling = match family.ceiling.board() {
        Board::Esrb => esrb_choice(family.ceiling.esrb()).1.to_owned(),
        _ => family.ceiling.to_string(),
    };
    let unrated = match family.unrated {
        Unrated::Hide => ", and none without a rating",
        Unrated::Show => "",
    };
    let text = format!("This profile shows games rated up to {ceiling}{unrated}.");
    Reason::new(Kind::FamilyView, text)
}
