//! A collector of traces, as OTLP over HTTP has it.

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::{AnyValue, KeyValue, any_value::Value},
};
use prost::Message;
use std::{
    fmt::Write,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::Notify;

/// A span that came in, with ids as text.
#[derive(Debug, Clone)]
pub struct Span {
    /// Who sent it.
    pub service: String,
    /// What it is.
    pub name: String,
    /// 32 digits.
    pub trace: String,
    /// 16 digits.
    pub id: String,
    /// 16 digits, or nothing.
    pub parent: String,
    /// Trace and span of each link.
    pub links: Vec<(String, String)>,
    attributes: Vec<(String, String)>,
}

impl Span {
    /// An attribute as text.
    pub fn says(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A running collector.
pub struct Collector {
    /// Where it is.
    pub url: String,
    kept: Arc<Kept>,
}

#[derive(Default)]
struct Kept {
    spans: Mutex<Vec<Span>>,
    came: Notify,
}

impl Collector {
    /// Starts one.
    pub async fn start() -> Self {
        let kept = Arc::new(Kept::default());
        let routes = Router::new()
            .route("/v1/traces", post(take))
            .with_state(Arc::clone(&kept));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, kept }
    }

    /// All that came in so far.
    pub fn spans(&self) -> Vec<Span> {
        self.kept.spans.lock().unwrap().clone()
    }

    /// The first span that is like this; waits until it has come.
    pub async fn find(&self, like: impl Fn(&Span) -> bool) -> Span {
        let waiting = async {
            loop {
                let came = self.kept.came.notified();
                if let Some(found) = self.spans().into_iter().find(&like) {
                    return found;
                }
                came.await;
            }
        };
        let found = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        found.unwrap_or_else(|_| panic!("no such span among {:#?}", self.spans()))
    }
}

async fn take(State(kept): State<Arc<Kept>>, body: Bytes) -> (StatusCode, Vec<u8>) {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return (StatusCode::BAD_REQUEST, Vec::new());
    };
    let mut spans = kept.spans.lock().unwrap();
    for of_one in request.resource_spans {
        let service = of_one.resource.iter().flat_map(|it| &it.attributes);
        let service = texts(service).into_iter();
        let service = service.filter(|(name, _)| name == "service.name");
        let service: String = service.map(|(_, value)| value).collect();
        for span in of_one.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            let links = span.links.iter();
            spans.push(Span {
                service: service.clone(),
                links: links
                    .map(|link| (hex(&link.trace_id), hex(&link.span_id)))
                    .collect(),
                attributes: texts(&span.attributes),
                name: span.name,
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
            });
        }
    }
    drop(spans);
    kept.came.notify_waiters();
    let answer = ExportTraceServiceResponse::default().encode_to_vec();
    (StatusCode::OK, answer)
}

fn texts<'a>(attributes: impl IntoIterator<Item = &'a KeyValue>) -> Vec<(String, String)> {
    let text = |value: &Option<AnyValue>| match value.as_ref().and_then(|it| it.value.clone()) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(truth)) => truth.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    let attributes = attributes.into_iter();
    attributes
        .map(|one| (one.key.clone(), text(&one.value)))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
