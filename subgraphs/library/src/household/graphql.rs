//! What a household has set, in the graph.

use super::{Zone, service, store};
use crate::account::may_change;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use djinn_kernel::Scope;
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, Problem, ViewerExt, cost, problems},
};

/// What your household has set for its libraries.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct LibrarySettings {
    /// Where your days begin and end, by its name in the IANA database, for instance
    /// `Europe/Berlin`. Null until somebody sets it: then days are those of UTC.
    time_zone: Option<String>,
    /// The day it is there now.
    today: NaiveDate,
}

impl LibrarySettings {
    fn of(ports: &Ports, zone: Option<Zone>) -> Self {
        let counted = zone.unwrap_or_default();
        Self {
            time_zone: zone.map(|zone| zone.name().to_owned()),
            today: counted.day(ports.clock.now()),
        }
    }
}

/// What to change. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateLibrarySettingsInput {
    /// Where your days begin and end, by its name in the IANA database, for instance
    /// `Europe/Berlin`. Days that were counted already stay as they are.
    time_zone: Option<String>,
}

/// The settings as they are now, or why nothing was changed.
#[derive(Debug, SimpleObject)]
pub struct LibrarySettingsPayload {
    /// The settings. Null when there are problems.
    settings: Option<LibrarySettings>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

/// Queries for what a household has set.
#[derive(Debug, Default)]
pub struct HouseholdQuery;

#[Object]
impl HouseholdQuery {
    /// What your household has set for its libraries.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn library_settings(&self, ctx: &Context<'_>) -> Result<Option<LibrarySettings>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let ports = ctx.data::<Ports>()?;
        let zone = store::set_zone(ports.db.read(), identity.household.0).await;
        Ok(Some(LibrarySettings::of(ports, zone.or_refuse()?)))
    }
}

/// Setting something for a household.
#[derive(Debug, Default)]
pub struct HouseholdMutation;

#[Object]
impl HouseholdMutation {
    /// Changes what your household has set for its libraries.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn update_library_settings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateLibrarySettingsInput,
    ) -> Result<LibrarySettingsPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        may_change(identity, Scope::WriteLibrary).or_refuse()?;
        let (ports, household) = (ctx.data::<Ports>()?, identity.household.0);
        let set = match input.time_zone {
            Some(zone) => service::set_zone(ports, household, &zone)
                .await
                .map(Some)
                .or_problem()?,
            None => Ok(store::set_zone(ports.db.read(), household)
                .await
                .or_refuse()?),
        };
        let (zone, problems) = problems(set);
        Ok(LibrarySettingsPayload {
            settings: zone.map(|zone| LibrarySettings::of(ports, zone)),
            problems,
        })
    }
}
