//! How the providers stand, for whoever looks after the hub.

use super::{
    Stage,
    entity::{budget, job, provider},
};
use crate::{NAME, provider::Budget, provider::Provider};
use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault, Scope};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, ViewerExt, cost},
    outbox,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// A provider that the hub could ask.
#[derive(Debug, Clone)]
pub struct Known {
    name: &'static str,
    label: &'static str,
    setup: Option<&'static str>,
    budgets: Vec<Budget>,
}

impl Known {
    /// One that is asked.
    pub fn asked(label: &'static str, provider: &dyn Provider) -> Self {
        Self {
            name: provider.name(),
            label,
            setup: None,
            budgets: provider.budgets(),
        }
    }

    /// One that is not asked, and what has to be set for it.
    pub const fn unasked(name: &'static str, label: &'static str, setup: &'static str) -> Self {
        Self {
            name,
            label,
            setup: Some(setup),
            budgets: Vec::new(),
        }
    }
}

/// Every provider there is, in the order they are shown.
#[derive(Debug, Clone, Default)]
pub struct AllKnown(pub Vec<Known>);

/// How what the hub knows about games comes in.
#[derive(Debug)]
pub struct SourceWork {
    known: Vec<Known>,
}

/// How what the hub knows about games comes in.
#[Object(directive = cost::Weight::apply(1))]
impl SourceWork {
    /// The sources that the hub asks or could ask.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<SourceStanding>> {
        let ports = ctx.data::<Ports>()?;
        let rows = provider::Entity::find().all(ports.db.read()).await;
        let rows = rows.doing("looking at providers").or_refuse()?;
        let now = ports.clock.now();
        Ok(self
            .known
            .iter()
            .map(|known| {
                let row = rows.iter().find(|row| row.name == known.name);
                SourceStanding {
                    known: known.clone(),
                    paused_until: row
                        .and_then(|row| row.paused_until)
                        .filter(|until| *until > now),
                    failures: row.map_or(0, |row| row.failures),
                }
            })
            .collect())
    }
    /// How far what metadata tells the rest of the hub is behind.
    async fn events(&self, ctx: &Context<'_>) -> Result<SourceEvents> {
        let lag = outbox::lag(&ctx.data::<Ports>()?.db, NAME)
            .await
            .or_refuse()?;
        Ok(SourceEvents {
            waiting: i32::try_from(lag.waiting).unwrap_or(i32::MAX),
            oldest_at: lag.oldest,
        })
    }
}

/// How far events are behind.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct SourceEvents {
    /// Events that not everybody has taken yet.
    waiting: i32,
    /// When the oldest of them happened. Null when none waits.
    oldest_at: Option<DateTime<Utc>>,
}

/// How a source of facts about games stands.
#[derive(Debug)]
pub struct SourceStanding {
    known: Known,
    paused_until: Option<DateTime<Utc>>,
    failures: i32,
}

impl SourceStanding {
    async fn jobs(&self, ctx: &Context<'_>, stages: &[Stage]) -> Result<i32> {
        let stages = stages.iter().map(|stage| *stage as i16);
        let count = job::Entity::find()
            .filter(job::Column::Provider.eq(self.known.name))
            .filter(job::Column::Stage.is_in(stages))
            .count(ctx.data::<Ports>()?.db.read())
            .await
            .doing("counting the games that wait for a provider")
            .or_refuse()?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    }
}

/// How a source of facts about games stands.
#[Object(directive = cost::Weight::apply(1))]
impl SourceStanding {
    /// What facts name it, for instance `igdb`.
    async fn id(&self) -> &str {
        self.known.name
    }
    /// Its name, for people.
    async fn name(&self) -> &str {
        self.known.label
    }
    /// What has to be set before it is asked. Null when it is asked.
    async fn setup_needed(&self) -> Option<&str> {
        self.known.setup
    }
    /// It is left alone until then: it asked for that, or did not answer. Null when it is asked.
    async fn paused_until(&self) -> Option<DateTime<Utc>> {
        self.paused_until
    }
    /// How often in a row it did not answer.
    async fn failures(&self) -> i32 {
        self.failures
    }
    /// Games that it is still to be asked about.
    async fn waiting(&self, ctx: &Context<'_>) -> Result<i32> {
        self.jobs(ctx, &[Stage::Waiting, Stage::Retrying]).await
    }
    /// Games that it could not be asked about today.
    async fn failed(&self, ctx: &Context<'_>) -> Result<i32> {
        self.jobs(ctx, &[Stage::Failed]).await
    }
    /// How much of its limits is used.
    #[graphql(directive = cost::Usual::apply(3))]
    async fn limits(&self, ctx: &Context<'_>) -> Result<Vec<SourceUse>> {
        let ports = ctx.data::<Ports>()?;
        let mut uses = Vec::with_capacity(self.known.budgets.len());
        for limit in &self.known.budgets {
            let used = used(ports, self.known.name, *limit).await.or_refuse()?;
            uses.push(SourceUse {
                requests: i32::try_from(limit.requests).unwrap_or(i32::MAX),
                seconds: i32::try_from(limit.window.num_seconds()).unwrap_or(i32::MAX),
                used: i32::try_from(used).unwrap_or(i32::MAX),
            });
        }
        Ok(uses)
    }
}

async fn used(ports: &Ports, name: &str, limit: Budget) -> std::result::Result<u64, Fault> {
    budget::Entity::find()
        .filter(budget::Column::Provider.eq(name))
        .filter(budget::Column::At.gt(ports.clock.now() - limit.window))
        .count(ports.db.read())
        .await
        .doing("summing up a provider's budget")
}

/// How much of one limit is used.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct SourceUse {
    /// At most so many requests …
    requests: i32,
    /// … in any stretch of so many seconds …
    seconds: i32,
    /// … of which so many were made.
    used: i32,
}

/// The query about sources.
#[derive(Debug, Default)]
pub struct SourceQuery;

#[Object]
impl SourceQuery {
    /// How the sources stand that facts about games come from, and how many games wait for them.
    #[graphql(directive = Needs::apply(Scope::Admin), directive = cost::Weight::apply(3))]
    async fn source_work(&self, ctx: &Context<'_>) -> Result<Option<SourceWork>> {
        ctx.require(Scope::Admin)?;
        Ok(Some(SourceWork {
            known: ctx.data::<AllKnown>()?.0.clone(),
        }))
    }
}
