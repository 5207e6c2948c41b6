//! The queue of suggestions of one household.

use super::{MOST, Pair, Recent, Sketch, pairs, store};
use crate::{hidden, matching::entity::matched};
use djinn_kernel::{
    Code, Doing, Fault,
    ids::{GameId, InvalidId},
    page::{InvalidPage, Page, Slice, encode_cursor},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, graph::Coded};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Suggestions a household may have dismissed at a time.
pub const MOST_DISMISSED: u64 = 20_000;

/// Why a suggestion is not shown or dismissed.
#[derive(Debug, thiserror::Error)]
pub enum DuplicateError {
    /// Not a suggestion's id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// The household does not have both games, or this viewer may not see them.
    #[error("no such suggestion")]
    NotFound,
    /// As many as there may be.
    #[error("a household dismisses at most {MOST_DISMISSED} suggestions")]
    TooMany,
    /// Not a page.
    #[error(transparent)]
    Page(#[from] InvalidPage),
    /// Our side.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for DuplicateError {
    fn code(&self) -> Code {
        match self {
            Self::Id(_) => Code::InvalidId,
            Self::NotFound => Code::NotFound,
            Self::TooMany => Code::LimitExceeded,
            Self::Page(page) => page.code(),
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::Id(_) | Self::NotFound => Some("id".to_owned()),
            Self::Page(page) => Coded::field(page),
            Self::TooMany | Self::Internal(_) => None,
        }
    }
}

/// How a suggestion is named: by its games.
pub fn id_of(pair: &Pair) -> String {
    format!("{}.{}", pair.one, pair.other)
}

/// Where a page goes on: how alike the last pair was, in hundredths, and which it was.
type Position = (i32, Uuid, Uuid);

fn position(pair: &Pair) -> Position {
    let hundredths = (pair.likeness.confidence * 100.0).round() as i32;
    (-hundredths, pair.one, pair.other)
}

/// The cursor of a suggestion.
pub fn cursor(pair: &Pair) -> String {
    encode_cursor(&position(pair))
}

/// A page of suggestions, the most alike first, and how many there are.
pub async fn page(
    ports: &Ports,
    recent: &Recent,
    identity: &Identity,
    first: Option<i32>,
    after: Option<&str>,
) -> Result<(Slice<Pair>, usize), DuplicateError> {
    let page = Page::<Position>::parse(first, after)?;
    let all = all(ports, recent, identity).await?;
    let total = all.len();
    let rest = all
        .into_iter()
        .filter(|pair| page.after.is_none_or(|after| position(pair) > after))
        .take(page.first as usize + 1)
        .collect();
    Ok((Slice::cut(rest, page.first), total))
}

/// All suggestions, at most [`MOST`]: of games the household has, the viewer may see, and nobody
/// has said anything about.
async fn all(ports: &Ports, recent: &Recent, identity: &Identity) -> Result<Vec<Pair>, Fault> {
    let (conn, household) = (ports.db.read(), identity.household.0);
    // Each page reads them anew, to know that nothing changed: all at once.
    let (facts, dismissed, rows) = tokio::try_join!(
        store::facts(conn, household),
        store::dismissed(conn, household),
        store::shelf(conn, household),
    )?;
    let hidden = match hidden::of(identity) {
        Some(child) => hidden::all(conn, child).await?,
        None => HashSet::new(),
    };
    let facts: HashMap<Uuid, store::Facts> = facts
        .into_iter()
        .filter(|facts| {
            let family = identity.family;
            family.is_none_or(|family| family.allows(facts.rated)) && !hidden.contains(&facts.id)
        })
        .map(|facts| (facts.id, facts))
        .collect();
    // Thousands of titles: not on a thread that answers others.
    let recent = recent.clone();
    let found = tokio::task::spawn_blocking(move || {
        let shown: Vec<(&store::Facts, &matched::Model)> = rows
            .iter()
            .filter_map(|(game, row)| Some((facts.get(game)?, row)))
            .collect();
        let compared: Vec<_> = shown
            .iter()
            .map(|(game, row)| {
                let product = (&row.platform, &row.store_id, &row.title, row.year);
                (game.id, game.year, &game.developers, product)
            })
            .collect();
        recent.or_compare(recent.key(household, compared), || {
            let mut games: HashMap<Uuid, Vec<&matched::Model>> = HashMap::new();
            for (game, row) in shown {
                games.entry(game.id).or_default().push(row);
            }
            let mut sketches: Vec<Sketch> = games
                .into_iter()
                .map(|(game, rows)| {
                    Sketch::of(game, &rows, facts[&game].year, &facts[&game].developers)
                })
                .collect();
            sketches.sort_by_key(|sketch| sketch.game);
            pairs(&sketches)
        })
    })
    .await
    .doing("comparing games")?;
    Ok(found
        .iter()
        .filter(|pair| !dismissed.contains(&(pair.one, pair.other)))
        .take(MOST)
        .cloned()
        .collect())
}

/// Takes a suggestion out of the queue for good.
pub async fn dismiss(
    ports: &Ports,
    identity: &Identity,
    id: &str,
) -> Result<Vec<Uuid>, DuplicateError> {
    let kind = InvalidId { kind: "suggestion" };
    let (one, other) = id.split_once('.').ok_or_else(|| kind.clone())?;
    let parse = |text| GameId::parse(text).map(|id| id.0).map_err(|_| kind.clone());
    let pair = (parse(one)?, parse(other)?);
    let household = identity.household.0;
    let txn = ports.db.begin().await.doing("dismissing a suggestion")?;
    let games = crate::game::store::games(&txn, &[pair.0, pair.1])
        .await
        .doing("loading games")?;
    let seen = games
        .iter()
        .filter(|game| crate::decision::held::visible(identity, game))
        .count();
    let held: HashSet<Uuid> = crate::matching::store::held_as(&txn, household, &[pair.0, pair.1])
        .await
        .doing("loading what is held")?
        .into_iter()
        .filter_map(|copy| copy.game_id)
        .collect();
    if seen != 2 || held.len() != 2 {
        return Err(DuplicateError::NotFound);
    }
    if store::count(&txn, household).await? >= MOST_DISMISSED {
        return Err(DuplicateError::TooMany);
    }
    store::dismiss(&txn, household, pair, ports.clock.now()).await?;
    txn.commit().await.doing("dismissing a suggestion")?;
    Ok(vec![pair.0, pair.1])
}
