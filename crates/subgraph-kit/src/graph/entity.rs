//! One missing entity must null only itself.

use async_graphql::{Context, Error, Result};

/// Wraps what an entity resolver found.
///
/// async-graphql joins all entities of a fetch with `try_join_all`, so one `Err` would fail the
/// whole list. Every entity resolver therefore returns `Result<Option<T>>` and ends in this: an
/// error is recorded at its own path and the entity is null.
pub fn entity<T>(ctx: &Context<'_>, found: Result<Option<T>, Error>) -> Result<Option<T>> {
    Ok(found.unwrap_or_else(|error| {
        let error = error.into_server_error(ctx.item.pos);
        ctx.add_error(ctx.set_error_path(error));
        None
    }))
}
