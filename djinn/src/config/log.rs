//! What the hub tells of its work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is written to the log.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,djinn_library=debug`.
    pub level: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

/// Spans for a collector of traces. Its other settings are the standard ones of OpenTelemetry's
/// exporters, in the environment: `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Telemetry {
    /// The collector's address for OTLP over HTTP, for instance `http://localhost:4318`. Without it
    /// no span is collected.
    pub otlp: Option<String>,
    /// As whom this process introduces itself; `game-djinn`, and what of it, when absent.
    pub service_name: Option<String>,
    /// Of so many traces one is collected. The same ones in every process, if it is the same there.
    pub one_in: u64,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            otlp: None,
            service_name: None,
            one_in: 1,
        }
    }
}
