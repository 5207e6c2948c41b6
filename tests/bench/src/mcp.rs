//! What a tool of MCP costs over the same request to the graph, and how many calls eight clients are
//! answered. Another maker's server is measured beside, where `DJINN_PEER_MCP` names its address,
//! `DJINN_PEER_TOOL` a tool and `DJINN_PEER_ARGUMENTS` its arguments as JSON.

use crate::{
    Counts,
    failure::{Attempt, Failure},
    hub::{self, Hub},
    latency::{Latencies, must},
    report::{Figure, Goal, Report, Unit},
};
use djinn_operations::Catalogue;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The tool, and its file: the document behind it is what the graph is asked.
const TOOL: &str = "get_game_details";
const FILE: &str = include_str!("../../../schema/operations/mcp/get_game_details.graphql");
const API: &str = include_str!("../../../schema/api.graphql");
/// How many ask at once.
const CLIENTS: usize = 8;

/// A tool of some server.
#[derive(Clone)]
struct Tool {
    http: reqwest::Client,
    url: String,
    key: Option<String>,
    name: String,
    arguments: Value,
}

impl Tool {
    /// Calls it once, as the stateless revision has it. The result, and how long it took.
    async fn call(&self) -> Attempt<(Duration, Value)> {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "bench", "version": "0" },
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let params = json!({ "name": self.name, "arguments": self.arguments, "_meta": meta });
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let mut request = self.http.post(&self.url).json(&body);
        for (name, value) in [
            ("accept", "application/json, text/event-stream"),
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", &self.name),
        ] {
            request = request.header(name, value);
        }
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        let begun = Instant::now();
        let answer = request.send().await;
        let answer = answer.map_err(Failure::doing("calling a tool"))?;
        let text = answer.text().await;
        let text = text.map_err(Failure::doing("reading a tool's answer"))?;
        let took = begun.elapsed();
        let mut events = text.lines().filter_map(|line| line.strip_prefix("data:"));
        let answer = events.next_back().unwrap_or(&text);
        let mut answer: Value = serde_json::from_str(answer).unwrap_or_default();
        Ok((took, answer["result"].take()))
    }

    async fn timed(&self, into: &mut Latencies) -> Attempt<()> {
        let (took, result) = self.call().await?;
        into.add(took);
        let good = result["content"].is_array() && result["isError"] != true;
        if let Err(why) = must(good, || format!("{}: {result}", self.name)) {
            into.complain(why);
        }
        Ok(())
    }

    /// How many calls a second `CLIENTS` of them get answered, for about so long.
    async fn busy(&self, long: Duration, into: &mut Latencies) -> Attempt<f64> {
        let begun = Instant::now();
        let clients = (0..CLIENTS).map(|_| {
            let tool = Self {
                http: hub::client(),
                ..self.clone()
            };
            tokio::spawn(async move {
                let mut seen = Latencies::default();
                while begun.elapsed() < long {
                    tool.timed(&mut seen).await?;
                }
                Ok::<_, Failure>(seen)
            })
        });
        let mut calls = 0;
        for client in clients.collect::<Vec<_>>() {
            let seen = client.await;
            let seen = seen.map_err(Failure::doing("being a client"))??;
            calls += seen.count();
            into.extend(seen);
        }
        Ok(calls as f64 / begun.elapsed().as_secs_f64())
    }
}

/// The hub's own, and a peer's where there is one.
pub async fn measure(hub: &Hub, counts: &Counts, report: &mut Report) -> Attempt<()> {
    let key =
        "mutation { createApiKey(input: { name: \"bench\", scopes: [READ_LIBRARY] }) { secret } }";
    let key = hub.ask(key, json!({})).await?["createApiKey"]["secret"].take();
    let game = hub
        .ask("{ games(first: 1) { nodes { id } } }", json!({}))
        .await?;
    let arguments = json!({ "id": game["games"]["nodes"][0]["id"] });
    let catalogue = Catalogue::load(&[("mcp/get_game_details.graphql", FILE)], API);
    let document = catalogue.operations.first();
    let document = document.map(|operation| operation.document.clone());
    let tool = Tool {
        http: hub::client(),
        url: format!("{}/mcp", hub.url),
        key: key.as_str().map(str::to_owned),
        name: TOOL.to_owned(),
        arguments,
    };
    let (mut graph, mut tools) = (Latencies::default(), Latencies::default());
    for n in 0..counts.warm_up + counts.requests {
        // In turn, so that both meet the same machine.
        let (mut cold_graph, mut cold_tools) = (Latencies::default(), Latencies::default());
        let (into_graph, into_tools) = if n < counts.warm_up {
            (&mut cold_graph, &mut cold_tools)
        } else {
            (&mut graph, &mut tools)
        };
        let document = document.as_deref().unwrap_or_default();
        into_graph
            .ask(hub, document, &tool.arguments, |data| {
                must(data["game"]["id"] == tool.arguments["id"], || {
                    data.to_string()
                })
            })
            .await?;
        tool.timed(into_tools).await?;
    }
    report.check("requests behind a tool", &graph);
    report.check("calls of a tool", &tools);
    for (what, percent) in [("p50", 50), ("p95", 95)] {
        let figure = |what: String, value: f64| Figure::new(what, value, Unit::Milliseconds);
        let (plain, called) = (graph.percentile(percent), tools.percentile(percent));
        report.add(figure(
            format!("`{TOOL}` as a tool, {what} of {}", tools.count()),
            called,
        ));
        let over = figure(
            format!("over the same request to the graph, {what}"),
            called - plain,
        );
        report.add(if percent == 95 {
            over.against(Goal::gate(1.0, 3.0))
        } else {
            over
        });
    }
    let mut busy = Latencies::default();
    let calls = tool.busy(counts.busy, &mut busy).await?;
    report.check("calls of eight clients", &busy);
    let what = format!("calls of a tool by {CLIENTS} clients");
    report.add(Figure::new(what, calls, Unit::PerSecond).at_least(500.0));
    match peer() {
        Some(peer) => beside(&peer, counts, report).await,
        None => {
            report.note("No other MCP server was measured: DJINN_PEER_MCP names none.");
            Ok(())
        }
    }
}

async fn beside(peer: &Tool, counts: &Counts, report: &mut Report) -> Attempt<()> {
    let mut cold = Latencies::default();
    for _ in 0..counts.warm_up {
        peer.timed(&mut cold).await?;
    }
    let mut seen = Latencies::default();
    for _ in 0..counts.requests {
        peer.timed(&mut seen).await?;
    }
    for (what, percent) in [("p50", 50), ("p95", 95)] {
        let what = format!("the peer's `{}`, {what} of {}", peer.name, seen.count());
        report.add(Figure::new(
            what,
            seen.percentile(percent),
            Unit::Milliseconds,
        ));
    }
    let calls = peer.busy(counts.busy, &mut seen).await?;
    let what = format!("the peer's calls by {CLIENTS} clients");
    report.add(Figure::new(what, calls, Unit::PerSecond));
    let (wrong, _) = seen.wrong();
    report.note(&format!("Of the peer's answers {wrong} were errors."));
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the bench is told by the environment what to measure"
)]
fn peer() -> Option<Tool> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let arguments = named("DJINN_PEER_ARGUMENTS");
    Some(Tool {
        http: hub::client(),
        url: named("DJINN_PEER_MCP")?,
        key: named("DJINN_PEER_KEY"),
        name: named("DJINN_PEER_TOOL")?,
        arguments: arguments.map_or(json!({}), |text| {
            serde_json::from_str(&text).unwrap_or_else(|_| json!({}))
        }),
    })
}
