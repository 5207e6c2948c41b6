//! Searching: from what a client asked to a page and its facets.

use super::{
    cache::Indexes,
    facets::{self, Facets},
    filter::{Bound, Filter, MAX_QUERY, NotSearched},
    index::Index,
    page::{self, Cut, Hit, Sort},
    rank::{Query, TitleText},
};
use crate::{
    game::visible,
    platform::{Registry, name_of},
};
use djinn_kernel::{FamilyView, page::Page, viewer::Identity};
use djinn_subgraph_kit::Ports;
use std::sync::Arc;

/// What a client asked for.
#[derive(Debug)]
pub struct Search<'a> {
    /// What was typed; `None` lists everything.
    pub query: Option<&'a str>,
    /// What the list is narrowed down to.
    pub filter: Filter,
    /// Its order.
    pub sort: Sort,
    /// How many.
    pub first: Option<i32>,
    /// After which one.
    pub after: Option<&'a str>,
}

/// What was found. Facets are counted only when somebody looks at them.
#[derive(Debug)]
pub struct Found {
    /// The page.
    pub page: Cut,
    /// How many games there are on all pages.
    pub total: usize,
    index: Arc<Index>,
    candidates: Vec<Hit>,
    filter: Bound,
}

/// Searches what `identity` may see of its household's games.
pub async fn search(
    ports: &Ports,
    indexes: &Indexes,
    registry: &Registry,
    identity: &Identity,
    search: Search<'_>,
) -> Result<Found, NotSearched> {
    let page = Page::parse(search.first, search.after)?;
    search.filter.check()?;
    if let Some(length) = search
        .query
        .map(|query| query.chars().count())
        .filter(|length| *length > MAX_QUERY)
    {
        return Err(NotSearched::LongQuery(length));
    }
    let index = indexes.of(ports, identity).await?;
    let filter = search
        .filter
        .bind(&index, identity.family, |id| registry.get(id).is_some())?;
    let candidates = candidates(&index, identity.family, search.query);
    let hits: Vec<Hit> = candidates
        .iter()
        .copied()
        .filter(|hit| filter.misses(&index.entries[hit.at as usize]) == 0)
        .collect();
    let asked = search.filter.asked(search.query);
    let cut = page::cut(&index, &hits, search.sort, &asked, &page)?;
    Ok(Found {
        page: cut,
        total: hits.len(),
        index,
        candidates,
        filter,
    })
}

/// The games that fit what was typed, of those the viewer may see, whatever the filter.
///
/// Slips are forgiven only when nothing fits as typed. That must not depend on games above the
/// ceiling: a child could tell them by what is missing from the answer.
pub fn candidates(index: &Index, family: Option<FamilyView>, query: Option<&str>) -> Vec<Hit> {
    let seen = || {
        let all = index.entries.iter().enumerate();
        all.filter(move |(_, entry)| visible(family, entry.rated))
    };
    let Some(query) = query.and_then(Query::new) else {
        return seen()
            .map(|(at, _)| Hit {
                score: 0,
                at: at as u32,
            })
            .collect();
    };
    let scored = |score: &dyn Fn(&TitleText) -> Option<u32>| -> Vec<Hit> {
        seen()
            .filter_map(|(at, entry)| {
                Some(Hit {
                    score: score(&entry.title)?,
                    at: at as u32,
                })
            })
            .collect()
    };
    let fitting = scored(&|title| query.fits(title));
    if fitting.is_empty() {
        scored(&|title| query.nearly_fits(title))
    } else {
        fitting
    }
}

impl Found {
    /// How many games there would be behind every choice of a filter.
    pub fn facets(&self, registry: &Registry) -> Facets {
        facets::count(&self.index, &self.candidates, &self.filter, |id| {
            platform_name(registry, id)
        })
    }
}

/// What a platform is called.
pub fn platform_name(registry: &Registry, id: &str) -> String {
    registry
        .get(id)
        .map_or_else(|| name_of(id), |platform| platform.name.clone())
}
