//! Logs and metrics.

use djinn_kernel::{Doing, Fault};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::time::Duration;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for collectors.
    Json,
}

/// Starts logging to standard error. `level` is a tracing filter such as `info` or
/// `info,djinn_library=debug`.
pub fn start_logs(level: &str, format: LogFormat) -> Result<(), Fault> {
    let filter = EnvFilter::try_new(level).doing("reading the log level")?;
    // Colours are for terminals, not for files and collectors.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let registry = tracing_subscriber::registry().with(filter);
    match format {
        LogFormat::Text => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .with_ansi(colours)
                    .with_writer(std::io::stderr),
            )
            .try_init(),
        LogFormat::Json => registry
            .with(
                tracing_subscriber::fmt::layer()
                    .json()
                    .with_writer(std::io::stderr),
            )
            .try_init(),
    }
    .doing("starting the log")
}

/// How often the samples of histograms are summed up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts collecting metrics; the handle renders them for Prometheus. Must be called in a runtime.
pub fn start_metrics() -> Result<PrometheusHandle, Fault> {
    let handle = PrometheusBuilder::new()
        .install_recorder()
        .doing("starting metrics")?;
    // Where nobody scrapes, every sample would be kept for ever.
    let kept = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            kept.run_upkeep();
        }
    });
    Ok(handle)
}
