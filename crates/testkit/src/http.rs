//! Other people's servers, played by the test.

use djinn_subgraph_kit::http::{Answer, Ask, Http, NoAnswer};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

type Reply = Box<dyn Fn(&Ask) -> Result<Answer, NoAnswer> + Send + Sync>;

/// Answers every request by a function of the test, and keeps what was asked.
pub struct ScriptedHttp {
    reply: Mutex<Reply>,
    asked: Mutex<Vec<String>>,
}

impl Default for ScriptedHttp {
    /// Nobody can be reached.
    fn default() -> Self {
        Self {
            reply: Mutex::new(Box::new(|_| Err(NoAnswer::Unreachable))),
            asked: Mutex::default(),
        }
    }
}

impl ScriptedHttp {
    /// From now on `reply` answers.
    pub fn answer(&self, reply: impl Fn(&Ask) -> Result<Answer, NoAnswer> + Send + Sync + 'static) {
        *self.reply.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(reply);
    }

    /// The URLs asked so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait::async_trait]
impl Http for ScriptedHttp {
    async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(ask.url.clone());
        (self.reply.lock().unwrap_or_else(PoisonError::into_inner))(&ask)
    }
}

/// A JSON answer.
pub fn json(status: u16, body: impl Into<String>) -> Result<Answer, NoAnswer> {
    Ok(Answer {
        status,
        retry_after: None,
        content_type: "application/json".to_owned(),
        body: body.into().into_bytes().into(),
    })
}

/// A web page where JSON was expected.
pub fn html(status: u16, body: &str) -> Result<Answer, NoAnswer> {
    Ok(Answer {
        status,
        retry_after: None,
        content_type: "text/html".to_owned(),
        body: body.to_owned().into_bytes().into(),
    })
}

/// "Too many requests", with or without `Retry-After`.
pub fn too_many(retry_after: Option<Duration>) -> Result<Answer, NoAnswer> {
    Ok(Answer {
        status: 429,
        retry_after,
        content_type: "text/plain".to_owned(),
        body: "".into(),
    })
}
