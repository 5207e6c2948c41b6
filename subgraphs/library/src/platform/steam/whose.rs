//! Reads what a person typed to name a Steam account.

use crate::platform::NoConnection;

/// How an account was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// By its SteamID64.
    Id(String),
    /// By the name its owner chose; Steam must resolve it.
    Vanity(String),
}

/// Reads a SteamID64, a vanity name or a profile's address. What comes out is safe in a URL.
pub fn parse(typed: &str) -> Result<Whose, NoConnection> {
    let wrong = |message: &str| NoConnection::Field {
        name: "account",
        message: message.to_owned(),
    };
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(wrong(
            "name the account: a SteamID64, a custom name, or the profile's address",
        ));
    }
    let bare = typed
        .strip_prefix("https://")
        .or_else(|| typed.strip_prefix("http://"))
        .unwrap_or(typed);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let Some(path) = bare.strip_prefix("steamcommunity.com/") else {
        return if is_id(bare) {
            Ok(Whose::Id(bare.to_owned()))
        } else if is_vanity(bare) {
            Ok(Whose::Vanity(bare.to_owned()))
        } else {
            Err(wrong(
                "not a SteamID64 (17 digits), a custom name (2 to 32 letters, digits, _ and -) or a profile's address",
            ))
        };
    };
    let mut parts = path.split(['/', '?', '#']);
    match (parts.next(), parts.next()) {
        (Some("profiles"), Some(id)) if is_id(id) => Ok(Whose::Id(id.to_owned())),
        (Some("id"), Some(name)) if is_vanity(name) => Ok(Whose::Vanity(name.to_owned())),
        _ => Err(wrong(
            "a profile's address looks like https://steamcommunity.com/id/name or …/profiles/76561197960287930",
        )),
    }
}

/// Checks a Web API key.
pub fn key(typed: &str) -> Result<String, NoConnection> {
    if typed.len() == 32 && typed.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(typed.to_ascii_uppercase());
    }
    Err(NoConnection::Field {
        name: "apiKey",
        message: format!(
            "a Steam Web API key has 32 digits and letters a to f; this has {} characters",
            typed.chars().count()
        ),
    })
}

fn is_id(text: &str) -> bool {
    text.len() == 17 && text.starts_with("7656") && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_vanity(text: &str) -> bool {
    (2..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_however_it_is_written() {
        let id = Whose::Id("76561197960287930".to_owned());
        let name = Whose::Vanity("gabelogannewell".to_owned());
        for (typed, want) in [
            ("76561197960287930", &id),
            (
                " https://steamcommunity.com/profiles/76561197960287930/ ",
                &id,
            ),
            (
                "steamcommunity.com/profiles/76561197960287930/games?tab=all",
                &id,
            ),
            ("gabelogannewell", &name),
            ("http://www.steamcommunity.com/id/gabelogannewell", &name),
        ] {
            assert_eq!(&parse(typed).unwrap(), want, "{typed}");
        }
    }

    #[test]
    fn nothing_that_could_change_the_request_gets_through() {
        for typed in [
            "",
            "a",
            "a b",
            "x&key=1",
            "https://steamcommunity.com/id/a%26b",
            "https://evil.example/id/abc",
            "https://steamcommunity.com/groups/abc",
        ] {
            assert!(parse(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_key_of_the_wrong_length_is_refused_before_steam_is_asked() {
        assert!(key("ABC").is_err());
        assert!(key(&"g".repeat(32)).is_err());
        assert!(key(&"a1".repeat(16)).is_ok());
    }
}
