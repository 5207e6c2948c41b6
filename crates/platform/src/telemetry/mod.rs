//! Logs, spans and metrics.
//!
//! Spans at `info` are requests and events: they put the request's id before each log line. Those at
//! `debug` (plans, fetches, statements) are for collectors, and cost next to nothing without one.

mod discreet;
mod line;
mod metrics;
mod otlp;
mod process;
mod spans;

pub use metrics::{Kind, METRICS, Metric, metrics_page, start_metrics};
pub use otlp::{Collector, Export};
pub use process::look as look_at_process;

use discreet::discreet;
use djinn_kernel::{Doing, Fault};
use line::Lines;
use tracing::Level;
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt, LevelFilter, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

type Listener = Box<dyn Layer<Registry> + Send + Sync>;

/// Starts logging to standard error, and sending spans to `collector`, if there is one. `level` is a
/// tracing filter such as `info` or `info,djinn_library=debug`. With a collector it must be called in
/// a runtime, and what it returns stopped at the end.
pub fn start_logs(
    level: &str,
    format: LogFormat,
    collector: Option<&Collector>,
) -> Result<Option<Export>, Fault> {
    let filter = EnvFilter::try_new(level).doing("reading the log level")?;
    let export = collector.map(Export::start).transpose()?;
    let log = log(format);
    match &export {
        None => tracing_subscriber::registry()
            .with(log)
            .with(filter)
            .with(filter_fn(discreet))
            .try_init(),
        Some(export) => {
            let ours = filter_fn(|seen| seen.is_span() && seen.target().starts_with("djinn"));
            let spans = export
                .layer()
                .with_filter(ours.and(LevelFilter::from_level(Level::DEBUG)));
            let log = log.with_filter(filter.and(filter_fn(discreet)));
            let listeners: Vec<Listener> = vec![log.boxed(), spans.boxed()];
            tracing_subscriber::registry().with(listeners).try_init()
        }
    }
    .doing("starting the log")?;
    std::panic::set_hook(Box::new(panicked));
    Ok(export)
}

fn log(format: LogFormat) -> Listener {
    // Colours are for terminals, not for files and collectors.
    let colours = format == LogFormat::Text && std::io::IsTerminal::is_terminal(&std::io::stderr());
    let layer = tracing_subscriber::fmt::layer().with_writer(Lines { colours });
    match format {
        LogFormat::Text => layer.with_ansi(colours).boxed(),
        // The list of spans has the current one as its last.
        LogFormat::Json => layer.json().with_current_span(false).boxed(),
    }
}

/// A panic is a line of the log, under the request's id: not some lines between those of the log.
fn panicked(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let said = panic
        .payload_as_str()
        .unwrap_or("something that is no text");
    tracing::error!(place, "panicked: {said}");
}
