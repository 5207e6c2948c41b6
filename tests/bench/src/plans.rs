//! `djinn-bench plans`: what it costs to understand a document the first time and every time after
//! it, for each of the hub's own, over subgraphs that answer with nothing at once.

use crate::{
    failure::{Attempt, Failure},
    report::{Figure, Goal, Report, Unit},
};
use async_graphql::Response;
use djinn_kernel::Viewer;
use djinn_operations::{Catalogue, read_folder};
use djinn_platform::clock::{SystemClock, SystemIds};
use djinn_router::{GraphRequest, Limits, Router, RouterPorts, Supergraph};
use djinn_subgraph_kit::{Call, RequestId, Subgraph, Unreachable};
use futures_util::stream::{self, BoxStream, StreamExt};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// How often each document is asked once it is known.
const TIMES: u32 = 400;
/// Turns with and without a bound on the cost.
const ROUNDS: usize = 15;

/// Answers everything with nothing.
struct Nothing(String);

#[async_trait::async_trait]
impl Subgraph for Nothing {
    fn name(&self) -> &str {
        &self.0
    }
    async fn execute(&self, _: Call) -> Result<Response, Unreachable> {
        Ok(Response::default())
    }
    async fn subscribe(&self, _: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        Ok(stream::empty().boxed())
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}

/// A router of its own, which knows no document yet.
fn router(sdl: &str, limits: Limits) -> Attempt<Router> {
    let supergraph = Supergraph::read(sdl).map_err(Failure::doing("reading the supergraph"))?;
    let names = supergraph
        .subgraphs()
        .iter()
        .map(|listed| listed.name.clone());
    let subgraphs = names
        .map(|name| Arc::new(Nothing(name)) as Arc<dyn Subgraph>)
        .collect();
    let ports = RouterPorts {
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    };
    Router::of(supergraph, subgraphs, limits, ports).map_err(Failure::doing("making the router"))
}

async fn ask(router: &Router, document: &str) -> Duration {
    let request = GraphRequest::new(document, Viewer::Hub, RequestId("bench".into()));
    let begun = Instant::now();
    let _ = router.execute(request).await;
    begun.elapsed()
}

/// Measures, and reports.
pub async fn measure(report: &mut Report) -> Attempt<()> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema");
    let read = |file: &str| {
        std::fs::read_to_string(schema.join(file)).map_err(Failure::doing("reading the schema"))
    };
    let (sdl, api) = (read("supergraph.graphql")?, read("api.graphql")?);
    let files =
        read_folder(&schema.join("operations")).map_err(Failure::doing("reading the documents"))?;
    let catalogue = Catalogue::load(&files, &api);
    let documents: Vec<&str> = catalogue
        .operations
        .iter()
        .map(|operation| &*operation.document)
        .collect();

    let (mut cold, mut hit) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        let fresh = router(&sdl, Limits::default())?;
        for document in &documents {
            cold.push(ask(&fresh, document).await);
            let begun = Instant::now();
            for _ in 0..TIMES {
                ask(&fresh, document).await;
            }
            hit.push(begun.elapsed() / TIMES);
        }
    }
    report.add(Figure::new(
        format!("{} documents for the first time: p50", documents.len()),
        at(&mut cold, 50).as_secs_f64() * 1e3,
        Unit::Milliseconds,
    ));
    report.add(
        Figure::new(
            "  p95",
            at(&mut cold, 95).as_secs_f64() * 1e3,
            Unit::Milliseconds,
        )
        .against(Goal::gate(5.0, 3.0)),
    );
    report.add(
        Figure::new(
            "every time after it, with everything but the subgraphs: p95",
            at(&mut hit, 95).as_secs_f64() * 1e6,
            Unit::Microseconds,
        )
        .against(Goal::gate(50.0, 3.0)),
    );

    let bound = router(&sdl, Limits::default())?;
    let free = Limits {
        cost: u64::MAX,
        objects: u64::MAX,
        ..Limits::default()
    };
    let free = router(&sdl, free)?;
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        for (router, times) in [(&bound, &mut with), (&free, &mut without)] {
            let begun = Instant::now();
            for document in &documents {
                for _ in 0..TIMES / 10 {
                    ask(router, document).await;
                }
            }
            // The first plans.
            if round > 0 {
                times.push(begun.elapsed());
            }
        }
    }
    let share = at(&mut with, 50).as_secs_f64() / at(&mut without, 50).as_secs_f64() - 1.0;
    report.add(
        Figure::new(
            "what bounding the cost adds to that, in per cent",
            (share * 100.0).max(0.0),
            Unit::Count,
        )
        .against(Goal::gate(3.0, 3.0)),
    );
    Ok(())
}

fn at(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times.get(last * percent / 100).copied().unwrap_or_default()
}
