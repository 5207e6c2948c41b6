//! Spans to a collector, by OTLP over HTTP (protobuf).
//!
//! The SDK's batch processor has the queue: bounded, and full it drops. Nothing here can hold a
//! request up, and a collector that is gone costs a thread its patience.

use super::spans::Spans;
use djinn_kernel::{Doing, Fault};
use opentelemetry::KeyValue;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchConfigBuilder, BatchSpanProcessor, SpanProcessor},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Where spans go, and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Collector {
    /// The collector, for instance `http://localhost:4318`; spans go to `/v1/traces` there.
    pub url: String,
    /// As whom they come.
    pub service: String,
    /// The share of traces that is collected, from 0 to 1.
    pub share: f64,
}

/// Spans that wait to be sent: a few seconds of a busy hub, some 4 MiB.
const QUEUE: usize = 8192;
/// Spans in one request.
const BATCH: usize = 512;
/// The longest that a span waits for others to be sent with.
const DELAY: Duration = Duration::from_secs(2);
/// How long one request to the collector may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the last ones may take, when the process ends.
const GOODBYE: Duration = Duration::from_secs(2);
/// What of a collector's answer is read, in bytes.
const ANSWER: usize = 64 * 1024;

/// The way to a collector.
#[derive(Debug, Clone)]
pub struct Export {
    processor: Arc<BatchSpanProcessor>,
    share: f64,
}

impl Export {
    /// Starts sending; in a runtime, on which the requests run.
    pub fn start(collector: &Collector) -> Result<Self, Fault> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Post::new()?)
            .with_endpoint(traces(&collector.url))
            .with_timeout(PATIENCE)
            .build()
            .doing("making the exporter of spans")?;
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(DELAY)
            .build();
        let mut processor = BatchSpanProcessor::new(exporter, config);
        let service = Resource::builder()
            .with_service_name(collector.service.clone())
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        processor.set_resource(&service);
        Ok(Self {
            processor: Arc::new(processor),
            share: collector.share,
        })
    }

    /// What collects the spans of this process.
    pub fn layer(&self) -> Spans<BatchSpanProcessor> {
        Spans::new(Arc::clone(&self.processor), self.share)
    }

    /// Sends what waits, and no more. Blocks, and must not be called on the runtime's own threads.
    pub fn stop(&self) {
        if let Err(error) = self.processor.shutdown_with_timeout(GOODBYE) {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// The whole address: what is not one already is the collector's.
fn traces(url: &str) -> String {
    let url = url.trim_end_matches('/');
    if url.ends_with("/v1/traces") {
        url.to_owned()
    } else {
        format!("{url}/v1/traces")
    }
}

/// The HTTP client of this house, for the exporter, which waits for it on a thread of its own.
#[derive(Debug)]
struct Post {
    client: reqwest::Client,
    runtime: tokio::runtime::Handle,
    /// Whether the last request failed: said once, not for each batch.
    failing: AtomicBool,
}

impl Post {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the door to the collector"
    )]
    fn new() -> Result<Self, Fault> {
        let client = reqwest::Client::builder()
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .doing("making the HTTP client for spans")?;
        Ok(Self {
            client,
            runtime: tokio::runtime::Handle::try_current().doing("finding the runtime")?,
            failing: AtomicBool::new(false),
        })
    }

    fn note(&self, trouble: Option<&str>) {
        let failing = trouble.is_some();
        if self.failing.swap(failing, Ordering::Relaxed) == failing {
            return;
        }
        match trouble {
            Some(reason) => {
                tracing::warn!(reason, "spans are lost: the collector does not take them");
            }
            None => tracing::info!("the collector takes spans again"),
        }
    }
}

async fn exchange(
    client: reqwest::Client,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, HttpError> {
    let (parts, body) = request.into_parts();
    let asked = client
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body);
    let mut answer = asked.send().await.map_err(reqwest::Error::without_url)?;
    let mut read = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        if read.len() + chunk.len() > ANSWER {
            return Err("the collector's answer is too long".into());
        }
        read.extend_from_slice(&chunk);
    }
    let mut response = Response::new(Bytes::from(read));
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}

#[async_trait::async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let asking = exchange(self.client.clone(), request);
        let outcome = self.runtime.spawn(asking).await;
        let outcome = outcome.unwrap_or_else(|gone| Err(gone.into()));
        match &outcome {
            Ok(answer) if answer.status().is_success() => self.note(None),
            Ok(answer) => self.note(Some(answer.status().as_str())),
            Err(error) => self.note(Some(&root(error.as_ref()))),
        }
        outcome
    }
}

/// The last of an error's causes, which says what it is.
fn root(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collector_is_given_by_its_address_or_by_the_whole_url() {
        for given in [
            "http://collector:4318",
            "http://collector:4318/",
            "http://collector:4318/v1/traces",
        ] {
            assert_eq!(traces(given), "http://collector:4318/v1/traces");
        }
        assert_eq!(
            traces("https://eu.example/otlp"),
            "https://eu.example/otlp/v1/traces"
        );
    }
}
