//! What other subgraphs tell us.

use crate::{CONSUMES, NAME, hidden, matching::service::Matching};
use async_trait::async_trait;
use djinn_kernel::{
    Event, Fault,
    event::{CopiesFound, GameHidden, LibraryForgotten},
};
use djinn_subgraph_kit::{Consumer, Ports};

/// At most so many copies are matched together: whoever else matches waits meanwhile.
const COPIES: usize = 500;

/// Listens to the library subgraph.
pub struct Listener {
    ports: Ports,
    matching: Matching,
}

impl Listener {
    /// Hands copies to `matching`, and notes over these ports what is hidden.
    pub const fn new(ports: Ports, matching: Matching) -> Self {
        Self { ports, matching }
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
        if let Some(said) = event.read::<GameHidden>() {
            return hidden::note(&self.ports, event, &said).await;
        }
        // Not ours, or of a shape we do not know: it would be no better the second time.
        tracing::warn!(event = %event.id, kind = event.kind, "event is not understood");
        Ok(())
    }

    async fn handle_all(&self, events: &[Event]) -> Result<(), Fault> {
        let mut rest = events;
        while let Some(first) = rest.first() {
            let mut copies = 0;
            let found: Vec<_> = rest
                .iter()
                .map_while(|event| Some((event, event.read::<CopiesFound>()?)))
                .take_while(|(_, found)| {
                    let is_first = copies == 0;
                    copies += found.copies.len();
                    is_first || copies <= COPIES
                })
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
