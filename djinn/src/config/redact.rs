//! The configuration as it may be shown: secrets and passwords in URLs are hidden.

use super::Config;
use serde_json::Value;

const SECRETS: &[&str] = &["key", "retired", "api_key", "access_token", "client_secret"];

/// The whole configuration as TOML, without its secrets.
pub fn redacted(config: &Config) -> String {
    let mut value = serde_json::to_value(config).unwrap_or_default();
    hide(&mut value);
    strip_nulls(&mut value);
    toml::to_string(&value).unwrap_or_default()
}

fn hide(value: &mut Value) {
    let Some(fields) = value.as_object_mut() else {
        return;
    };
    for (key, field) in fields {
        match field {
            Value::Object(_) => hide(field),
            Value::String(text) if SECRETS.contains(&key.as_str()) => "(hidden)".clone_into(text),
            Value::String(text) if text.contains("://") => *text = without_password(text),
            _ => {}
        }
    }
}

/// TOML has no null: what is not set is left out.
fn strip_nulls(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
        fields.values_mut().for_each(strip_nulls);
    }
}

/// `postgres://user:(hidden)@host/database`; a password among the parameters is hidden too, and
/// whatever stands before the `@` of a Redis address, where a name alone can be the secret.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (address, parameters) = rest
        .split_once('?')
        .map_or((rest, None), |(a, p)| (a, Some(p)));
    let address = match address.rsplit_once('@') {
        Some((login, host)) => match login.split_once(':') {
            Some((user, _)) => format!("{user}:(hidden)@{host}"),
            None if scheme.starts_with("redis") => format!("(hidden)@{host}"),
            None => address.to_owned(),
        },
        None => address.to_owned(),
    };
    let Some(parameters) = parameters else {
        return format!("{scheme}://{address}");
    };
    let shown: Vec<String> = parameters
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _))
                if name.contains("pass") || name.contains("key") || name.contains("token") =>
            {
                format!("{name}=(hidden)")
            }
            _ => parameter.to_owned(),
        })
        .collect();
    format!("{scheme}://{address}?{}", shown.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_printed() {
        let mut config = Config::default();
        config.secret.key = Some("canary-1".to_owned());
        config.steam.api_key = Some("canary-2".to_owned());
        config.igdb.access_token = Some("canary-3".to_owned());
        config.xbox.client_secret = Some("canary-10".to_owned());
        config.igdb.client_secret = Some("canary-10".to_owned());
        config.rawg.api_key = Some("canary-11".to_owned());
        config.mcp.api_key = Some("canary-4".to_owned());
        config.database.url = Some("postgres://djinn:canary-5@db/djinn".to_owned());
        config.bus.url = "redis://canary-6@cache:6379".to_owned();
        config.cache.url = "redis://:canary-7@cache:6379".to_owned();
        config.subgraphs.library = "http://library:canary-8@library:8001".to_owned();
        config.server.public_url = Some("https://hub/?password=canary-9".to_owned());
        let shown = redacted(&config);
        assert!(!shown.contains("canary"), "{shown}");
        assert!(shown.contains("postgres://djinn:(hidden)@db/djinn"));
    }
}
