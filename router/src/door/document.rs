//! From what was asked to the text to run: a document may be sent, named by the id of a trusted
//! one (GraphQL over HTTP, appendix A), or by the hash of one that was sent before (Apollo's
//! automatic persisted queries, version 1).

use super::{Asked, Door, Refusal};
use crate::{AnonymousDocuments, GraphRequest};
use djinn_kernel::{Code, Viewer};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// What is to be run.
pub(super) struct Found {
    pub(super) text: String,
    /// The hash to persist the text under, once it is known to be a document.
    pub(super) keep: Option<String>,
    /// Whether it is a trusted one.
    pub(super) trusted: bool,
}

/// What Apollo's clients look for, to the letter: they take the message for the code.
const NOT_FOUND: &str = "PersistedQueryNotFound";
const NOT_SUPPORTED: &str = "PersistedQueryNotSupported";

impl Door {
    /// The text that was sent or named.
    pub(super) fn document(&self, asked: &mut Asked, viewer: &Viewer) -> Result<Found, Refusal> {
        let text = asked.query.take().filter(|text| !text.trim().is_empty());
        let id = asked.document_id.take().filter(|id| !id.is_empty());
        let hash = persisted_query(asked.extensions.as_ref())?;
        match (text, id) {
            (Some(_), Some(_)) => Err(Refusal::new(
                Code::BadRequest,
                "Send a query or a documentId, not both.",
            )),
            (Some(text), None) => self.sent(text, hash, viewer),
            (None, Some(id)) => match self.trusted(&id) {
                Some(text) => Ok(Found {
                    text,
                    keep: None,
                    trusted: true,
                }),
                None => Err(Refusal::new(
                    Code::DocumentNotFound,
                    "There is no trusted document of that id or name.",
                )),
            },
            (None, None) => match hash {
                Some(hash) => self.persisted(&hash, viewer),
                None => Err(Refusal::new(Code::BadRequest, "There is no query.")),
            },
        }
    }

    /// Persists what a request has found, if it can be run at all.
    pub(super) async fn keep(&self, hash: Option<String>, request: &GraphRequest) {
        if let Some(hash) = hash
            && let Some(documents) = &self.config().documents
            && self.0.router.kind(request).await.is_some()
        {
            documents.persist(&hash, &request.query);
        }
    }

    fn sent(&self, text: String, hash: Option<String>, viewer: &Viewer) -> Result<Found, Refusal> {
        let free = self.is_free(viewer);
        // What is longer is refused by its length, before anything reads it.
        let readable = text.len() <= self.0.router.limits().document_bytes;
        if !readable || (free && hash.is_none()) {
            return if free {
                Ok(Found {
                    text,
                    keep: None,
                    trusted: false,
                })
            } else {
                Err(untrusted())
            };
        }
        let its = sha256(&text);
        if hash.as_ref().is_some_and(|hash| *hash != its) {
            return Err(Refusal::new(
                Code::PersistedQueryMismatch,
                "provided sha does not match query",
            ));
        }
        let trusted = self.trusted(&its).is_some();
        if !free && !trusted {
            return Err(untrusted());
        }
        Ok(Found {
            text,
            keep: hash.filter(|_| !trusted),
            trusted,
        })
    }

    fn persisted(&self, hash: &str, viewer: &Viewer) -> Result<Found, Refusal> {
        let Some(documents) = &self.config().documents else {
            return Err(Refusal::new(
                Code::PersistedQueryNotSupported,
                NOT_SUPPORTED,
            ));
        };
        let text = documents.trusted(hash);
        let trusted = text.is_some();
        let text = text.or_else(|| documents.persisted(hash).filter(|_| self.is_free(viewer)));
        match text {
            Some(text) => Ok(Found {
                text: text.as_ref().to_owned(),
                keep: None,
                trusted,
            }),
            None => Err(Refusal::new(Code::PersistedQueryNotFound, NOT_FOUND)),
        }
    }

    fn trusted(&self, id: &str) -> Option<String> {
        let documents = self.config().documents.as_ref()?;
        Some(documents.trusted(id)?.as_ref().to_owned())
    }

    /// Whether this caller may run any document.
    fn is_free(&self, viewer: &Viewer) -> bool {
        self.config().anonymous_documents == AnonymousDocuments::Any || *viewer != Viewer::Anonymous
    }
}

fn untrusted() -> Refusal {
    Refusal::new(Code::DocumentNotTrusted, Code::DocumentNotTrusted.meaning())
}

fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

/// The hash in `extensions.persistedQuery`.
fn persisted_query(extensions: Option<&Map<String, Value>>) -> Result<Option<String>, Refusal> {
    let Some(said) = extensions.and_then(|extensions| extensions.get("persistedQuery")) else {
        return Ok(None);
    };
    if said.is_null() {
        return Ok(None);
    }
    if said.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(Refusal::new(
            Code::BadRequest,
            "Unsupported persisted query version",
        ));
    }
    let hash = said
        .get("sha256Hash")
        .and_then(Value::as_str)
        .map(str::to_ascii_lowercase)
        .filter(|hash| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    match hash {
        Some(hash) => Ok(Some(hash)),
        None => Err(Refusal::new(
            Code::BadRequest,
            "extensions.persistedQuery.sha256Hash must be 64 hexadecimal digits.",
        )),
    }
}
