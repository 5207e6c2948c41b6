//! Entity resolvers: each has a rule of its own, and one missing entity nulls only itself.

use super::{error::OrRefuse, rule::Rule, viewer::ViewerExt};
use async_graphql::{Context, Error, Result};

/// Finds an entity for whoever `rule` lets ask.
///
/// async-graphql joins all entities of a fetch with `try_join_all`, so one `Err` would fail the
/// whole list. Every entity resolver therefore returns `Result<Option<T>>` and ends in this: an
/// error is recorded at its own path and the entity is null. Nothing is looked for when the rule
/// says no, so that an answer never depends on what there is.
pub async fn entity<T>(
    ctx: &Context<'_>,
    rule: Rule,
    find: impl Future<Output = Result<Option<T>, Error>>,
) -> Result<Option<T>> {
    let found = match rule.check(ctx.viewer()).or_refuse() {
        Ok(()) => find.await,
        Err(denied) => Err(denied),
    };
    Ok(found.unwrap_or_else(|error| {
        let error = error.into_server_error(ctx.item.pos);
        ctx.add_error(ctx.set_error_path(error));
        None
    }))
}
