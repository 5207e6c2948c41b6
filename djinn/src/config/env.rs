//! The environment: `DJINN__SECTION__KEY`, the names people know from other hubs, and `_FILE`
//! variants of both for secrets.

/// Names people know from `.env` files of such hubs, and what they mean here.
pub const FAMILIAR: &[(&str, &[&str])] = &[
    ("DATABASE_URL", &["database.url"]),
    ("REDIS_URL", &["bus.url", "cache.url"]),
    ("STEAM_API_KEY", &["steam.api_key"]),
    ("RAWG_API_KEY", &["rawg.api_key"]),
    ("IGDB_CLIENT_ID", &["igdb.client_id"]),
    ("IGDB_CLIENT_SECRET", &["igdb.client_secret"]),
    ("IGDB_ACCESS_TOKEN", &["igdb.access_token"]),
    ("OLLAMA_URL", &["ollama.url"]),
    ("OLLAMA_MODEL", &["ollama.model"]),
    ("MCP_API_KEY", &["mcp.api_key"]),
    ("SECRET_KEY", &["secret.key"]),
    ("LOG_LEVEL", &["log.level"]),
    ("LOG_FORMAT", &["log.format"]),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", &["telemetry.otlp"]),
    ("OTEL_SERVICE_NAME", &["telemetry.service_name"]),
    ("WEB_PORT", &["server.port"]),
    ("MCP_PORT", &["mcp.port"]),
    ("CACHE_TTL", &["cache.ttl_seconds"]),
    ("MAX_CONNECTIONS", &["server.max_connections"]),
];

/// One setting found in the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The variable it comes from.
    pub variable: String,
    /// The path it sets, for instance `database.url`.
    pub path: String,
    /// Its value, as text.
    pub value: String,
}

/// A `_FILE` variable whose file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The variable.
    pub variable: String,
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// The settings in `variables`: familiar names first, so that `DJINN__…` wins over them. Empty
/// values count as absent, as compose files set them so.
pub fn settings(variables: &[(String, String)]) -> Result<Vec<Setting>, Unreadable> {
    let mut found = Vec::new();
    for (name, value) in variables {
        let (base, from_file) = name
            .strip_suffix("_FILE")
            .map_or((name.as_str(), false), |base| (base, true));
        let paths: Vec<String> = match FAMILIAR.iter().find(|(familiar, _)| *familiar == base) {
            Some((_, paths)) => paths.iter().map(|path| (*path).to_owned()).collect(),
            None => match base.strip_prefix("DJINN__") {
                Some(rest) => vec![rest.to_ascii_lowercase().replace("__", ".")],
                None => continue,
            },
        };
        if value.is_empty() {
            continue;
        }
        let value = if from_file {
            read(name, value)?
        } else {
            value.clone()
        };
        found.extend(paths.into_iter().map(|path| Setting {
            variable: name.clone(),
            path,
            value: value.clone(),
        }));
    }
    found.sort_by_key(|setting| setting.variable.starts_with("DJINN__"));
    Ok(found)
}

fn read(variable: &str, file: &str) -> Result<String, Unreadable> {
    std::fs::read_to_string(file)
        .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
        .map_err(|error| Unreadable {
            variable: variable.to_owned(),
            file: file.to_owned(),
            reason: error.to_string(),
        })
}
