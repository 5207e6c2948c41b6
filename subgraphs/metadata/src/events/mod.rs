//! What other subgraphs tell us.

use crate::{CONSUMES, NAME, matching::service::Matching};
use async_trait::async_trait;
use djinn_kernel::{
    Event, Fault,
    event::{CopiesFound, LibraryForgotten},
};
use djinn_subgraph_kit::Consumer;

/// Listens to the library subgraph.
pub struct Listener {
    matching: Matching,
}

impl Listener {
    /// Hands copies to `matching`.
    pub const fn new(matching: Matching) -> Self {
        Self { matching }
    }
}

#[async_trait]
impl Consumer for Listener {
    fn name(&self) -> &'static str {
        NAME
    }

    fn kinds(&self) -> &'static [&'static str] {
        CONSUMES
    }

    async fn handle(&self, event: &Event) -> Result<(), Fault> {
        if let Some(found) = event.read::<CopiesFound>() {
            return self.matching.copies_found(vec![(event, found)]).await;
        }
        if let Some(forgotten) = event.read::<LibraryForgotten>() {
            return self.matching.library_forgotten(event, &forgotten).await;
        }
        // Not ours, or of a shape we do not know: it would be no better the second time.
        tracing::warn!(event = %event.id, kind = event.kind, "event is not understood");
        Ok(())
    }

    async fn handle_all(&self, events: &[Event]) -> Result<(), Fault> {
        let mut rest = events;
        while let Some(first) = rest.first() {
            let found: Vec<_> = rest
                .iter()
                .map_while(|event| Some((event, event.read::<CopiesFound>()?)))
                .collect();
            if found.is_empty() {
                self.handle(first).await?;
                rest = &rest[1..];
            } else {
                rest = &rest[found.len()..];
                self.matching.copies_found(found).await?;
            }
        }
        Ok(())
    }
}
