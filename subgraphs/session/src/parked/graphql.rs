//! Parked events in the graph.

use super::service::Parked;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    page::{Page, encode_cursor},
};
use djinn_subgraph_kit::{
    graph::{Needs, OrRefuse, PageInfo, Problem, cost, problems},
    outbox::row::Model,
};
use uuid::Uuid;

/// An event between parts of the hub that was refused five times in a row. It is tried once an
/// hour, and is in nobody's way.
pub struct ParkedEvent(Model);

/// An event between parts of the hub that was refused five times in a row. It is tried once an
/// hour, and is in nobody's way.
#[Object]
impl ParkedEvent {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What it tells of, for instance `library.copies_found`.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// The part of the hub that wrote it, for instance `library`.
    async fn subgraph(&self) -> &str {
        &self.0.subgraph
    }

    /// When it became true.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// Since when it is parked.
    async fn parked_at(&self) -> DateTime<Utc> {
        self.0.parked_at.unwrap_or(self.0.at)
    }

    /// How often it was tried in vain.
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }

    /// Which part of the hub could not handle it, and why, as in its log.
    async fn reason(&self) -> &str {
        self.0.reason.as_deref().unwrap_or_default()
    }

    /// When it is tried next. Null when that is at once.
    async fn retry_at(&self) -> Option<DateTime<Utc>> {
        self.0.retry_at
    }
}

/// A page of parked events.
#[derive(SimpleObject)]
pub struct ParkedEventConnection {
    /// The events, the oldest first.
    pub nodes: Vec<ParkedEvent>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many there are in all.
    pub total_count: i64,
}

/// What became of trying parked events again.
#[derive(Debug, SimpleObject)]
pub struct RetryParkedEventsPayload {
    /// How many are tried now. One that is refused again is parked again after five times.
    pub retried: i64,
    /// Why none is.
    pub problems: Vec<Problem>,
}

/// Reading.
#[derive(Default)]
pub struct ParkedQuery;

#[Object]
impl ParkedQuery {
    /// Events that parts of the hub could not handle, the oldest first: of all parts that share
    /// this database. None is the normal case.
    #[graphql(directive = Needs::apply(Scope::Admin), directive = cost::Page::apply("nodes"))]
    async fn parked_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "The end cursor of the page before.")] after: Option<String>,
    ) -> Result<Option<ParkedEventConnection>> {
        let page = Page::<Uuid>::parse(first, after.as_deref()).or_refuse()?;
        let parked = ctx.data_unchecked::<Parked>();
        let (slice, total) = parked.list(&page).await.or_refuse()?;
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice.items.last().map(|event| encode_cursor(&event.id)),
        };
        Ok(Some(ParkedEventConnection {
            nodes: slice.items.into_iter().map(ParkedEvent).collect(),
            page_info,
            total_count: total as i64,
        }))
    }
}

/// Changing.
#[derive(Default)]
pub struct ParkedMutation;

#[Object]
impl ParkedMutation {
    /// Has parked events tried again at once, for instance after an update.
    #[graphql(directive = Needs::apply(Scope::Admin))]
    async fn retry_parked_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, at most 100; all when absent.")] ids: Option<Vec<ID>>,
    ) -> Result<RetryParkedEventsPayload> {
        let ids = ids.map(|ids| ids.into_iter().map(|id| id.0).collect());
        let outcome = ctx.data_unchecked::<Parked>().retry(ids).await;
        let (retried, problems) = problems(outcome.or_problem()?);
        Ok(RetryParkedEventsPayload {
            retried: retried.unwrap_or(0) as i64,
            problems,
        })
    }
}
