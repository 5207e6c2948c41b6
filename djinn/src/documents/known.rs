//! The documents a client may name: those of the operation files and of the SPA, and, for as long
//! as there is room, those that clients sent before.

use djinn_operations::{Catalogue, Derived, Live};
use djinn_router::Documents;
use serde::Deserialize;
use std::{collections::HashMap, fmt, sync::Arc};

/// What `npm run codegen` wrote: every document of the SPA as it is sent, in the format of Apollo's
/// persisted query manifests.
const SPA: &str = include_str!("../../../frontend/src/gql/documents.json");

/// How much of what clients sent is kept, in bytes of text.
const ROOM: u64 = 8 * 1024 * 1024;

#[derive(Deserialize)]
struct Manifest {
    operations: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    name: String,
    body: String,
}

type Index = HashMap<String, Arc<str>>;

/// The documents that clients sent, by hash, for as long as there is room. By itself it is what a
/// router without a hub knows.
#[derive(Debug)]
pub struct Sent(moka::sync::Cache<String, Arc<str>>);

impl Default for Sent {
    fn default() -> Self {
        let weigh = |hash: &String, text: &Arc<str>| {
            u32::try_from(hash.len() + text.len()).unwrap_or(u32::MAX)
        };
        Self(
            moka::sync::Cache::builder()
                .weigher(weigh)
                .max_capacity(ROOM)
                .build(),
        )
    }
}

impl Documents for Sent {
    fn trusted(&self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn persisted(&self, hash: &str) -> Option<Arc<str>> {
        self.0.get(hash)
    }

    fn persist(&self, hash: &str, text: &str) {
        self.0.insert(hash.to_owned(), text.into());
        metrics::gauge!("djinn_documents_persisted").set(self.0.entry_count() as f64);
    }
}

/// The documents this hub knows.
pub struct Known {
    spa: Index,
    files: Derived<Index>,
    sent: Sent,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
}

impl Known {
    /// Those of `live`, and those of the SPA that is built in.
    pub fn new(live: Live) -> Self {
        let manifest: Manifest = serde_json::from_str(SPA).unwrap_or_else(|error| {
            // Read by a test of this file: a binary with another manifest was never released.
            tracing::error!(%error, "the SPA's documents cannot be read");
            Manifest {
                operations: Vec::new(),
            }
        });
        let mut spa = Index::new();
        for Entry { id, name, body } in manifest.operations {
            let text: Arc<str> = body.into();
            spa.insert(format!("spa.{name}"), Arc::clone(&text));
            spa.insert(id, text);
        }
        Self {
            spa,
            files: Derived::new(live, index),
            sent: Sent::default(),
        }
    }
}

/// By hash, by name, and by `folder.file`, for instance `q.now-playing`.
fn index(catalogue: &Catalogue) -> Index {
    let mut index = Index::new();
    for operation in &catalogue.operations {
        for (name, text) in operation.documents() {
            let text: Arc<str> = text.into();
            index.insert(djinn_operations::id(&text), Arc::clone(&text));
            index.insert(name.to_owned(), text);
        }
        let text: Arc<str> = operation.document.as_str().into();
        index.insert(format!("{}.{}", operation.folder, operation.slug), text);
    }
    index
}

impl Documents for Known {
    fn trusted(&self, id: &str) -> Option<Arc<str>> {
        let id = id.strip_prefix("sha256:").unwrap_or(id);
        let of_files = self.files.now().get(id).cloned();
        of_files.or_else(|| self.spa.get(id).cloned())
    }

    fn persisted(&self, hash: &str) -> Option<Arc<str>> {
        self.sent.persisted(hash)
    }

    fn persist(&self, hash: &str, text: &str) {
        self.sent.persist(hash, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::API;

    #[test]
    fn every_document_of_the_spa_fits_the_schema_and_has_the_id_of_its_text() {
        let manifest: Manifest = serde_json::from_str(SPA).expect("it is a manifest");
        assert!(manifest.operations.len() > 20);
        let files: Vec<(String, String)> = manifest
            .operations
            .iter()
            .map(|entry| (format!("{}.graphql", entry.name), entry.body.clone()))
            .collect();
        assert_eq!(Catalogue::load(&files, API).problems, []);
        for entry in manifest.operations {
            assert_eq!(
                djinn_operations::id(&entry.body),
                entry.id,
                "{}",
                entry.name
            );
        }
    }

    #[test]
    fn what_clients_sent_never_takes_more_than_its_room() {
        let sent = Sent::default();
        let text = "#".repeat(64 * 1024);
        for n in 0..400 {
            sent.persist(&format!("{n:064}"), &text);
        }
        sent.0.run_pending_tasks();
        assert!(sent.0.weighted_size() <= ROOM);
        assert!(sent.0.entry_count() > 0);
    }
}
