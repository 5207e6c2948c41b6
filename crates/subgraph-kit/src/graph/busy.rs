//! What is over in a moment: the database has no connection to give, because all of them are in use
//! or it is being started again. Nothing was done yet, so whoever asked may simply ask again; that is
//! worth another code than a fault of ours.

use async_graphql::ErrorExtensionValues;
use djinn_kernel::Code;
use sea_orm::DbErr;

/// The source of an error that is one of these, for the mask to find.
#[derive(Debug)]
pub struct Busy;

/// What is said of it.
pub const SAID: &str = "The hub has no connection to its database just now. Try again in a moment.";

/// Whether an error comes of it, however deep.
pub fn is_behind(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) = error.downcast_ref() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The code, and when to come back.
pub fn say(extensions: &mut ErrorExtensionValues) {
    extensions.set("code", Code::Unavailable.as_str());
    if let Some(seconds) = Code::Unavailable.pause() {
        extensions.set("retryAfter", seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Mask, OrRefuse};
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
    use djinn_kernel::{Doing, Fault};
    use sea_orm::{ConnAcquireErr, RuntimeErr};
    use std::sync::Arc;

    struct Query;

    fn load(error: DbErr) -> Result<i32, Fault> {
        Err(error).doing("loading")
    }

    #[Object]
    impl Query {
        async fn waited(&self) -> async_graphql::Result<i32> {
            let timed_out = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
            // As a dataloader hands it to all who wait for the same.
            let shared = load(timed_out).map_err(Arc::new);
            shared.doing("loading for a request").or_refuse()
        }

        async fn broke(&self) -> async_graphql::Result<i32> {
            let wrong = DbErr::Query(RuntimeErr::Internal("no such table: games".to_owned()));
            load(wrong).or_refuse()
        }
    }

    #[tokio::test]
    async fn no_connection_in_time_is_no_fault_and_says_when_to_come_back() {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription)
            .extension(Mask)
            .finish();
        let answer = schema.execute("{ waited }").await;
        let error = serde_json::to_value(&answer.errors[0]).unwrap();
        assert_eq!(error["message"], SAID);
        assert_eq!(error["extensions"]["code"], "UNAVAILABLE");
        assert_eq!(error["extensions"]["retryAfter"], 2);
        let answer = schema.execute("{ broke }").await;
        let error = serde_json::to_value(&answer.errors[0]).unwrap();
        assert_eq!(error["extensions"]["code"], "INTERNAL");
        assert_eq!(error["extensions"].get("retryAfter"), None);
    }
}
