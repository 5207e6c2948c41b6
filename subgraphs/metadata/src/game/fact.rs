//! Where the fields of a game come from, in the graph.

use super::{
    Field, Said, Source,
    entity::{fact, game},
    kind_of,
};
use crate::game::Findings;
use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use djinn_subgraph_kit::graph::cost;
use std::collections::BTreeMap;

/// Where one field of a game comes from, and what else is said about it.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct Fact {
    /// The field, for instance `genres`.
    field: String,
    /// What is shown, as text: a list with an item a line, a time to beat as
    /// `hastily / normally / completely` in minutes. Null for pictures.
    value: Option<String>,
    /// The source: `person`, `platform`, `import`, `steam-store`, `igdb`, `rawg` or `gog`.
    source: String,
    /// When the source said so.
    fetched_at: DateTime<Utc>,
    /// Whether a person corrected it: then no source changes it until `correctGame` takes that back.
    locked: bool,
    /// What other sources say, the next best first: what the field falls back to.
    #[graphql(directive = cost::Usual::apply(2))]
    others: Vec<Claim>,
}

/// What another source says about a field.
#[derive(Debug, SimpleObject)]
#[graphql(name = "FactClaim", directive = cost::Weight::apply(0))]
pub struct Claim {
    /// The source.
    source: String,
    /// What it says, as text. Null for pictures.
    value: Option<String>,
    /// When it said so.
    fetched_at: DateTime<Utc>,
}

/// Puts together where the fields of a game come from, and what else is said.
pub fn facts(
    game: &game::Model,
    rows: Vec<fact::Model>,
    said: &BTreeMap<Source, Said>,
) -> Vec<Fact> {
    let shown = shown(game);
    rows.into_iter()
        .map(|row| {
            let field = Field::ALL
                .into_iter()
                .find(|field| field.as_str() == row.field);
            let source = Source::parse(&row.source);
            let value = field.and_then(|field| match field {
                Field::AgeRatings | Field::TimeToBeat => {
                    source.and_then(|source| said.get(&source)?.findings.text(field))
                }
                _ => shown.text(field),
            });
            Fact {
                value,
                others: field.map_or_else(Vec::new, |field| others(field, source, said)),
                locked: source == Some(Source::Person),
                field: row.field,
                source: row.source,
                fetched_at: row.fetched_at,
            }
        })
        .collect()
}

fn others(field: Field, shown: Option<Source>, said: &BTreeMap<Source, Said>) -> Vec<Claim> {
    let mut others: Vec<(Source, &Said, DateTime<Utc>)> = said
        .iter()
        .filter(|(source, _)| Some(**source) != shown)
        .filter_map(|(source, said)| Some((*source, said, *said.at.get(&field)?)))
        .collect();
    others.sort_by_key(|(source, _, _)| std::cmp::Reverse(source.weight(field)));
    others
        .into_iter()
        .map(|(source, said, at)| Claim {
            source: source.as_str().to_owned(),
            value: said.findings.text(field),
            fetched_at: at,
        })
        .collect()
}

/// What is shown, as a source would say it.
pub fn shown(game: &game::Model) -> Findings {
    Findings {
        title: Some(game.title.clone()),
        kind: Some(kind_of(game.kind)),
        released_on: game.released_on,
        release_year: game.release_year,
        genres: game.genres.0.clone(),
        tags: game.tags.0.clone(),
        developers: game.developers.0.clone(),
        publishers: game.publishers.0.clone(),
        summary: game.summary.clone(),
        cover_art: game.cover_art.clone(),
        header_art: game.header_art.clone(),
        critic_score: game.critic_score,
        main_story_minutes: game.main_story_minutes,
        ..Findings::default()
    }
}
