//! From a TOML file and the environment to a [`Config`], or to an error a person can act on.

use super::{Config, env};
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Where settings come from. Read once at the start, so that tests can give their own.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The TOML file; must exist when named.
    pub file: Option<PathBuf>,
    /// The environment.
    pub variables: Vec<(String, String)>,
}

/// What is wrong with the configuration, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// A `_FILE` variable names a file that cannot be read.
    #[error("{variable} names {file}, which cannot be read: {reason}")]
    SecretFile {
        /// The variable.
        variable: String,
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The file is not TOML.
    #[error("{} is not valid TOML: {reason}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// A key nobody knows.
    #[error("{place}: there is no setting `{key}`{}", suggestion.as_ref().map_or_else(String::new, |s| format!("; did you mean `{s}`?")))]
    Unknown {
        /// The file or variable.
        place: String,
        /// What was written.
        key: String,
        /// The nearest known key.
        suggestion: Option<String>,
    },
    /// A value that does not fit.
    #[error("{place}: `{key}` {reason}")]
    Invalid {
        /// The file or variable.
        place: String,
        /// Which.
        key: String,
        /// What would fit.
        reason: String,
    },
}

/// Reads and checks the configuration. The environment wins over the file.
pub fn load(sources: &Sources) -> Result<Config, ConfigError> {
    // The defaults, with every key in place: what is not there is unknown.
    let known = serde_json::to_value(Config::default()).unwrap_or_default();
    let mut merged = known.clone();
    if let Some(file) = &sources.file {
        let table = read_toml(file)?;
        let place = file.display().to_string();
        merge(&mut merged, &table, &known, &place, "")?;
        check(&merged, &place)?;
    }
    let settings =
        env::settings(&sources.variables).map_err(|unreadable| ConfigError::SecretFile {
            variable: unreadable.variable,
            file: unreadable.file,
            reason: unreadable.reason,
        })?;
    for setting in settings {
        set(&mut merged, &setting, &known)?;
        check(&merged, &setting.variable)?;
    }
    check(&merged, "configuration")
}

fn read_toml(file: &Path) -> Result<Value, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable {
        file: file.to_owned(),
        reason: error.to_string(),
    })?;
    let syntax = |reason: String| ConfigError::Syntax {
        file: file.to_owned(),
        reason,
    };
    let table: toml::Table = toml::from_str(&text).map_err(|error| syntax(error.to_string()))?;
    serde_json::to_value(table).map_err(|error| syntax(error.to_string()))
}

fn unknown(place: &str, key: String, known: &Map<String, Value>, prefix: &str) -> ConfigError {
    let last = key.rsplit('.').next().unwrap_or(&key);
    let suggestion = known
        .keys()
        .map(|candidate| (strsim::jaro_winkler(last, candidate), candidate))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| format!("{prefix}{candidate}"));
    ConfigError::Unknown {
        place: place.to_owned(),
        key,
        suggestion,
    }
}

fn merge(
    into: &mut Value,
    from: &Value,
    known: &Value,
    place: &str,
    prefix: &str,
) -> Result<(), ConfigError> {
    let (Some(from), Some(known)) = (from.as_object(), known.as_object()) else {
        return Ok(());
    };
    for (key, value) in from {
        let path = format!("{prefix}{key}");
        let Some(default) = known.get(key) else {
            return Err(unknown(place, path, known, prefix));
        };
        if default.is_object() {
            if !value.is_object() {
                return Err(ConfigError::Invalid {
                    place: place.to_owned(),
                    key: path,
                    reason: "is a section, not a value".to_owned(),
                });
            }
            // A default without any key is a table whose keys are the person's own.
            if default.as_object().is_some_and(Map::is_empty) {
                into[key] = value.clone();
                continue;
            }
            merge(&mut into[key], value, default, place, &format!("{path}."))?;
        } else {
            into[key] = value.clone();
        }
    }
    Ok(())
}

fn set(into: &mut Value, setting: &env::Setting, known: &Value) -> Result<(), ConfigError> {
    let invalid = |reason: String| ConfigError::Invalid {
        place: setting.variable.clone(),
        key: setting.path.clone(),
        reason,
    };
    let mut known = known;
    let mut place = into;
    let mut prefix = String::new();
    let mut default = None;
    for key in setting.path.split('.') {
        let fields = known.as_object().cloned().unwrap_or_default();
        let Some(found) = known.get(key) else {
            let path = format!("{prefix}{key}");
            return Err(unknown(&setting.variable, path, &fields, &prefix));
        };
        known = found;
        place = &mut place[key];
        prefix.push_str(key);
        prefix.push('.');
        default = Some(found);
    }
    let Some(default) = default.filter(|default| !default.is_object()) else {
        return Err(invalid("is a section, not a value".to_owned()));
    };
    // The default's type says how to read the text. An absent default is an optional text, or the
    // one optional number there is; both are tried.
    let key = setting.path.rsplit('.').next().unwrap_or_default();
    let text = setting.value.trim();
    let value = match default {
        Value::Bool(_) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Value::Bool(true),
            "false" | "0" | "no" | "off" => Value::Bool(false),
            _ => return Err(invalid(format!("must be true or false, not `{text}`"))),
        },
        Value::Number(_) => {
            let number: u64 = text
                .parse()
                .map_err(|_| invalid(format!("must be a whole number, not `{text}`")))?;
            number.into()
        }
        Value::Array(_) => text
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(Value::from)
            .collect(),
        Value::Null if key == "port" => {
            let number: u64 = text
                .parse()
                .map_err(|_| invalid(format!("must be a port, not `{text}`")))?;
            number.into()
        }
        _ => Value::from(setting.value.clone()),
    };
    *place = value;
    Ok(())
}

/// Reads what has been merged so far; if it is no configuration, `place` is to blame.
fn check(merged: &Value, place: &str) -> Result<Config, ConfigError> {
    let invalid = |key: String, reason: String| ConfigError::Invalid {
        place: place.to_owned(),
        key,
        reason,
    };
    let config: Config = serde_path_to_error::deserialize(merged)
        .map_err(|error| invalid(error.path().to_string(), error.inner().to_string()))?;
    if let Err(error) = crate::web::TrustedProxies::parse(&config.server.trusted_proxies) {
        return Err(invalid(
            "server.trusted_proxies".to_owned(),
            error.to_string(),
        ));
    }
    if let Some(url) = &config.server.public_url
        && !is_origin(url)
    {
        return Err(invalid(
            "server.public_url".to_owned(),
            "must be an address like `https://games.example.org`, without a path: the hub needs a name of its own"
                .to_owned(),
        ));
    }
    if let Some(url) = &config.telemetry.otlp
        && !(url.starts_with("http://") || url.starts_with("https://"))
    {
        return Err(invalid(
            "telemetry.otlp".to_owned(),
            "must be an address like `http://localhost:4318`; OTLP is spoken over HTTP only"
                .to_owned(),
        ));
    }
    // A filter reads a word it does not know as the name of a module, and then nothing is logged.
    let stranger = config.log.level.split(',').map(str::trim).find(|part| {
        !part.contains('=')
            && !["off", "error", "warn", "info", "debug", "trace"]
                .contains(&part.to_ascii_lowercase().as_str())
    });
    match stranger {
        Some(part) => Err(invalid(
            "log.level".to_owned(),
            format!(
                "must be error, warn, info, debug or trace, or a filter such as `info,djinn_library=debug`, not `{part}`"
            ),
        )),
        None => Ok(config),
    }
}

/// Whether a URL is a scheme and a host, and a port perhaps: pages, links and tokens are all made
/// below it.
fn is_origin(url: &str) -> bool {
    let scheme = url.split_once("://");
    scheme.is_some_and(|(scheme, host)| {
        let host = host.trim_end_matches('/');
        (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
            && !host.is_empty()
            && !host.contains(['/', '?', '#', '@'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_env(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        load(&Sources {
            file: None,
            variables,
        })
    }

    fn from_toml(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("djinn.toml");
        std::fs::write(&file, text).unwrap();
        load(&Sources {
            file: Some(file),
            variables: Vec::new(),
        })
    }

    #[test]
    fn a_typo_is_refused_with_the_key_that_was_meant() {
        let error = from_toml("[server]\nprot = 80").unwrap_err().to_string();
        assert!(
            error.ends_with("there is no setting `server.prot`; did you mean `server.port`?"),
            "{error}"
        );
        let error = from_env(&[("DJINN__DATABSE__URL", "x")])
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "DJINN__DATABSE__URL: there is no setting `databse`; did you mean `database`?"
        );
    }

    #[test]
    fn familiar_names_are_honoured_and_ours_win() {
        let config = from_env(&[
            ("DJINN__SERVER__PORT", "9001"),
            ("WEB_PORT", "9000"),
            ("REDIS_URL", "redis://somewhere"),
            ("MCP_PORT", "9002"),
            ("STEAM_API_KEY", "0123"),
            ("LOG_FORMAT", "json"),
        ])
        .unwrap();
        assert_eq!(config.server.port, 9001);
        assert_eq!(
            (config.bus.url.as_str(), config.cache.url.as_str()),
            ("redis://somewhere", "redis://somewhere")
        );
        assert_eq!(config.mcp.port, Some(9002));
        assert_eq!(config.steam.api_key.as_deref(), Some("0123"));
        assert_eq!(config.log.format, super::super::LogFormat::Json);
    }

    #[test]
    fn every_familiar_name_means_a_setting() {
        for (name, _) in env::FAMILIAR {
            let value = if name.ends_with("ENDPOINT") {
                "http://collector:4318"
            } else if name.contains("PORT") || name.contains("MAX") || name.contains("TTL") {
                "1234"
            } else if *name == "LOG_LEVEL" {
                "debug"
            } else {
                "text"
            };
            from_env(&[(name, value)]).unwrap();
        }
    }

    #[test]
    fn a_section_within_a_section_is_set_from_either_source_and_may_have_keys_of_ones_own() {
        let config = from_toml("[mcp.oauth.people]\nakadmin = \"Anna\"").unwrap();
        assert_eq!(config.mcp.oauth.people["akadmin"], "Anna");
        let issuer = "https://id.example.org";
        let config = from_env(&[("DJINN__MCP__OAUTH__ISSUER", issuer)]).unwrap();
        assert_eq!(config.mcp.oauth.issuer.as_deref(), Some(issuer));
        let error = from_env(&[("DJINN__MCP__OAUTH", "x")]).unwrap_err();
        assert!(error.to_string().contains("is a section"), "{error}");
    }

    #[test]
    fn a_collector_is_an_address_of_http() {
        let error = from_env(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]).unwrap_err();
        assert!(error.to_string().contains("telemetry.otlp"), "{error}");
    }

    #[test]
    fn a_secret_can_come_from_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        std::fs::write(&file, "from the file\n").unwrap();
        let config = from_env(&[("SECRET_KEY_FILE", file.to_str().unwrap())]).unwrap();
        assert_eq!(config.secret.key.as_deref(), Some("from the file"));
        let missing = from_env(&[("SECRET_KEY_FILE", "/nowhere/at/all")])
            .unwrap_err()
            .to_string();
        assert!(
            missing.starts_with("SECRET_KEY_FILE names /nowhere/at/all"),
            "{missing}"
        );
    }

    #[test]
    fn a_log_level_nobody_knows_is_refused_instead_of_silencing_the_log() {
        let error = from_env(&[("LOG_LEVEL", "loud")]).unwrap_err().to_string();
        assert!(
            error.starts_with("LOG_LEVEL: `log.level` must be error, warn"),
            "{error}"
        );
        from_env(&[("LOG_LEVEL", "info,djinn_library=debug")]).unwrap();
    }

    #[test]
    fn a_value_of_the_wrong_kind_in_the_file_names_its_key() {
        let error = from_toml("[server]\nport = \"x\"").unwrap_err().to_string();
        assert!(error.contains("`server.port` invalid type"), "{error}");
    }

    #[test]
    fn a_proxy_that_is_no_network_is_refused() {
        let error = from_env(&[("DJINN__SERVER__TRUSTED_PROXIES", "10.0.0.0/8, traefik")])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("`server.trusted_proxies` must be addresses or networks")
                && error.contains("`traefik`"),
            "{error}"
        );
        from_env(&[("DJINN__SERVER__TRUSTED_PROXIES", "10.0.0.0/8,::1")]).unwrap();
    }

    #[test]
    fn a_public_address_is_a_name_and_no_path() {
        for wrong in [
            "games.example.org",
            "ftp://games.example.org",
            "https://example.org/games",
            "https://",
            "https://anna@example.org",
        ] {
            let error = from_env(&[("DJINN__SERVER__PUBLIC_URL", wrong)]);
            let error = error.unwrap_err().to_string();
            assert!(error.contains("`server.public_url` must be"), "{error}");
        }
        for right in ["https://games.example.org/", "HTTP://[::1]:8000"] {
            from_env(&[("DJINN__SERVER__PUBLIC_URL", right)]).unwrap();
        }
    }

    #[test]
    fn the_page_of_limits_says_what_the_code_does() {
        let page = include_str!("../../../docs/limits.md");
        let said: std::collections::BTreeMap<String, String> = page
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
            .filter_map(|(name, rest)| {
                let (value, _) = rest.split_once(" |")?;
                Some((name.to_owned(), value.trim().to_owned()))
            })
            .collect();
        let limits = serde_json::to_value(super::super::Limits::default()).unwrap();
        let true_ones = limits
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                (name.clone(), value)
            })
            .collect();
        assert_eq!(said, true_ones);
    }

    #[test]
    fn a_value_of_the_wrong_kind_names_its_variable() {
        let error = from_env(&[("WEB_PORT", "eighty")]).unwrap_err().to_string();
        assert_eq!(
            error,
            "WEB_PORT: `server.port` must be a whole number, not `eighty`"
        );
        let error = from_env(&[("LOG_FORMAT", "xml")]).unwrap_err().to_string();
        assert!(
            error.starts_with("LOG_FORMAT: `log.format` unknown variant `xml`"),
            "{error}"
        );
    }
}
