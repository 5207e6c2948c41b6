//! What people paste into a connection form, and what goes into a request.

use super::NoConnection;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The code in what was pasted: itself, the address of the page that a sign-in ends at, or the
/// JSON such a page shows. What comes out is one word.
pub fn code(name: &'static str, typed: &str, missing: &str) -> Result<String, NoConnection> {
    let wrong = || NoConnection::Field {
        name,
        message: missing.to_owned(),
    };
    let typed = typed.trim();
    let found = if let Ok(serde_json::Value::Object(page)) = serde_json::from_str(typed) {
        let word = |key: &str| page.get(key).and_then(|value| value.as_str());
        word("authorizationCode")
            .or_else(|| word("code"))
            .or_else(|| word("npsso"))
            .map(ToOwned::to_owned)
            .ok_or_else(wrong)?
    } else if typed.contains("://") || typed.contains("code=") {
        parameter(typed, "code").ok_or_else(wrong)?
    } else {
        typed.to_owned()
    };
    let clean = !found.is_empty() && found.chars().all(|c| c.is_ascii_graphic());
    let plain = !found.contains(['"', '\\', '<', '>', ';', ',']);
    if clean && plain {
        Ok(found)
    } else {
        Err(wrong())
    }
}

/// The value of a parameter in an address, its fragment included.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    address
        .split(['?', '&', '#'])
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned())
        .filter(|value| !value.is_empty())
}

/// Names and values as they stand in a query or a form.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", escape(value));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// One value as it stands in an address.
pub fn escape(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_in_whatever_was_pasted() {
        for typed in [
            "M.C5_a-b!c",
            "https://login.live.com/oauth20_desktop.srf?code=M.C5_a-b%21c&lc=1031",
            "http://localhost/#state=1&code=M.C5_a-b!c",
            " {\"redirectUrl\": \"x\", \"authorizationCode\": \"M.C5_a-b!c\", \"sid\": null}\n",
        ] {
            assert_eq!(code("code", typed, "no").unwrap(), "M.C5_a-b!c", "{typed}");
        }
    }

    #[test]
    fn what_holds_no_code_is_refused_and_nothing_can_leave_its_header() {
        for typed in [
            "https://login.live.com/?error=x",
            "{\"npsso\": 1}",
            "a b",
            "a\r\nb: c",
            "a; b=c",
        ] {
            assert!(code("code", typed, "no").is_err(), "{typed}");
        }
        assert_eq!(form(&[("a", "b&c=d"), ("e", "ü")]), "a=b%26c%3Dd&e=%C3%BC");
    }
}
