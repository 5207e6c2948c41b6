//! The graph as `djinn mcp` sees it: documents run over HTTP, in a hub or any GraphQL server.

use djinn_kernel::{Doing, Fault, Viewer};
use djinn_operations::{Base, Caller, Graph, GraphAnswer, GraphDown};
use djinn_subgraph_kit::trace;
use futures_util::{StreamExt, stream::BoxStream};
use reqwest::header;
use serde_json::{Map, Value, json};
use std::{sync::OnceLock, time::Duration};

/// A GraphQL endpoint elsewhere, as the owner of a key.
pub struct OverHttp {
    client: reqwest::Client,
    url: String,
    key: Option<String>,
    /// Where paths in its answers lead.
    base: Option<Base>,
    /// The same, as the server itself has said.
    known: OnceLock<Base>,
}

impl OverHttp {
    /// Asks `url`, with `key` if there is one.
    #[expect(
        clippy::disallowed_methods,
        reason = "a client process of its own; time-outs are set here"
    )]
    pub fn new(url: String, key: Option<String>) -> Result<Self, Fault> {
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .read_timeout(Duration::from_mins(1))
            .build()
            .doing("making the HTTP client")?;
        Ok(Self {
            client,
            url,
            key,
            base: None,
            known: OnceLock::new(),
        })
    }

    /// The same, whose answers have paths that lead to the server at `address`.
    pub fn below(self, address: &str) -> Self {
        let base = reqwest::Url::parse(address).ok().and_then(|mut url| {
            // A name and a password in it are for us, and not for whoever reads a link.
            url.set_username("").ok()?;
            url.set_password(None).ok()?;
            Some(Base(url.as_str().trim_end_matches('/').into()))
        });
        Self { base, ..self }
    }

    /// Takes the server's word for where paths in its answers lead; the first counts.
    pub fn is_known_at(&self, address: &str) {
        self.known.get_or_init(|| Base(address.into()));
    }

    fn base(&self) -> Option<Base> {
        self.known.get().or(self.base.as_ref()).cloned()
    }

    /// Asks the hub what the key may do, so that only tools it may use are listed.
    pub async fn caller(&self) -> Result<Caller, Fault> {
        let answer = self
            .execute(
                "{ me { id role } myScopes }",
                None,
                Map::new(),
                &Caller::default(),
            )
            .await
            .doing("asking the hub at --url who the key belongs to")?;
        if let Some(error) = answer.errors.first() {
            return Err(error.to_string()).doing("asking the hub who the key belongs to");
        }
        let identity = json!({
            "player": answer.data["me"]["id"],
            "household": answer.data["me"]["id"],
            "role": answer.data["me"]["role"],
            "scopes": answer.data["myScopes"],
            "family": null, "login": null, "key": null,
        });
        let identity = serde_json::from_value(identity)
            .doing("reading who the key belongs to; is it a key of this hub?")?;
        Ok(Caller {
            viewer: Viewer::Known(identity),
            ..Caller::default()
        })
    }

    /// Reads another address of the same server, with the key.
    pub fn get(&self, url: &str) -> reqwest::RequestBuilder {
        let request = self.client.get(url);
        match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        }
    }

    fn post(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> reqwest::RequestBuilder {
        let body =
            json!({ "query": document, "operationName": operation_name, "variables": variables });
        let request = self.client.post(&self.url);
        let request = match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        let request = match caller.place {
            Some(place) => request.header(trace::HEADER, place.to_string()),
            None => request,
        };
        request
            .header("apollo-require-preflight", "true")
            .json(&body)
    }
}

fn down(error: &reqwest::Error) -> GraphDown {
    if error.is_timeout() {
        GraphDown::Timeout
    } else {
        GraphDown::Unreachable(error.to_string())
    }
}

#[async_trait::async_trait]
impl Graph for OverHttp {
    async fn execute(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<GraphAnswer, GraphDown> {
        let request = self
            .post(document, operation_name, variables, caller)
            .header(header::ACCEPT, "application/json");
        let response = request.send().await.map_err(|error| down(&error))?;
        let body = response
            .json::<Value>()
            .await
            .map_err(|error| down(&error))?;
        Ok(GraphAnswer::from_response(body).below(self.base()))
    }

    async fn subscribe(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<BoxStream<'static, GraphAnswer>, GraphDown> {
        let request = self
            .post(document, operation_name, variables, caller)
            .header(header::ACCEPT, "text/event-stream");
        let response = request.send().await.map_err(|error| down(&error))?;
        let mut bytes = response.bytes_stream();
        let base = self.base();
        Ok(async_stream::stream! {
            let mut buffer = Vec::new();
            while let Some(Ok(chunk)) = bytes.next().await {
                buffer.extend_from_slice(&chunk);
                // An event larger than this is not one of ours.
                if buffer.len() > 4 * 1024 * 1024 {
                    return;
                }
                while let Some(end) = buffer.windows(2).position(|pair| pair == b"\n\n") {
                    let event: Vec<u8> = buffer.drain(..end + 2).collect();
                    if let Some(answer) = read_event(&String::from_utf8_lossy(&event)) {
                        yield answer.below(base.clone());
                    }
                }
            }
        }
        .boxed())
    }
}

/// The answer in a `next` event of the graphql-sse protocol.
fn read_event(text: &str) -> Option<GraphAnswer> {
    let data = text
        .lines()
        .find_map(|line| line.strip_prefix("data:"))?
        .trim();
    let body: Value = serde_json::from_str(data).ok()?;
    text.lines()
        .any(|line| line.trim() == "event: next")
        .then(|| GraphAnswer::from_response(body))
}
