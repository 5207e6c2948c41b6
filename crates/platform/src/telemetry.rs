//! Logs and metrics.

use djinn_kernel::{Doing, Fault};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
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

/// Starts collecting metrics; the handle renders them for Prometheus.
pub fn start_metrics() -> Result<PrometheusHandle, Fault> {
    PrometheusBuilder::new()
        .install_recorder()
        .doing("starting metrics")
}
