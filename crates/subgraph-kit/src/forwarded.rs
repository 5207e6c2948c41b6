//! The client's own headers, on their way to subgraphs of other owners.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::{Map, Value};
use std::{fmt, sync::Arc};

/// The longest value that a socket's first message may bring, in bytes: what servers take for a
/// header as a rule.
const LONGEST: usize = 8 * 1024;

/// Headers of the client's request that go on to subgraphs of other owners, such as
/// `authorization`. Always empty in the hub, whose subgraphs get a token of its own instead.
///
/// They say who is asking. So two calls are the same question only if these are equal as well.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Forwarded(Option<Arc<[(HeaderName, HeaderValue)]>>);

/// What a socket's first message brought cannot be a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the value of {0} is no text of at most {LONGEST} bytes")]
pub struct NotAHeader(pub HeaderName);

impl Forwarded {
    /// The headers of these names. What the client's `Connection` header names ends here, as RFC
    /// 9110 (7.6.1) has it.
    pub fn of(headers: &HeaderMap, names: &[HeaderName]) -> Self {
        let values = names.iter().flat_map(|name| {
            let ends_here = ends_here(headers, name);
            let values = headers.get_all(name).into_iter();
            values
                .filter(move |_| !ends_here)
                .map(|value| (name.clone(), value.clone()))
        });
        values.collect()
    }

    /// The same, with what a socket's first message says instead: a browser can set no header on a
    /// socket.
    pub fn or_of_init(
        &self,
        payload: &Map<String, Value>,
        names: &[HeaderName],
    ) -> Result<Self, NotAHeader> {
        let mut all: Vec<_> = self.iter().cloned().collect();
        for name in names {
            let Some((_, said)) = payload
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name.as_str()))
            else {
                continue;
            };
            let value = said
                .as_str()
                .filter(|text| text.len() <= LONGEST)
                .and_then(|text| HeaderValue::from_str(text).ok())
                .ok_or_else(|| NotAHeader(name.clone()))?;
            all.retain(|(known, _)| known != name);
            all.push((name.clone(), value));
        }
        Ok(all.into_iter().collect())
    }

    /// Each header.
    pub fn iter(&self) -> impl Iterator<Item = &(HeaderName, HeaderValue)> {
        self.0.iter().flat_map(|headers| headers.iter())
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Whether a header may be forwarded at all. Not what belongs to one connection (RFC 9110,
    /// 7.6.1), describes one message, or is written by whoever makes the call.
    pub fn may(name: &HeaderName) -> bool {
        const OURS: [HeaderName; 16] = [
            header::CONNECTION,
            header::PROXY_AUTHENTICATE,
            header::PROXY_AUTHORIZATION,
            header::TE,
            header::TRAILER,
            header::TRANSFER_ENCODING,
            header::UPGRADE,
            header::HOST,
            header::EXPECT,
            header::ACCEPT,
            header::ACCEPT_ENCODING,
            header::CONTENT_LENGTH,
            header::CONTENT_TYPE,
            header::CONTENT_ENCODING,
            header::CONTENT_RANGE,
            header::RANGE,
        ];
        let text = name.as_str();
        !OURS.contains(name)
            && !["keep-alive", "proxy-connection", "x-request-id"].contains(&text)
            && !text.starts_with("sec-")
    }
}

impl FromIterator<(HeaderName, HeaderValue)> for Forwarded {
    fn from_iter<I: IntoIterator<Item = (HeaderName, HeaderValue)>>(headers: I) -> Self {
        let mut headers = headers.into_iter().peekable();
        // Nothing is allocated for nothing: in the hub, that is every request.
        match headers.peek() {
            Some(_) => Self(Some(headers.collect())),
            None => Self(None),
        }
    }
}

/// Names only: the values are credentials.
impl fmt::Debug for Forwarded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

fn ends_here(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers.get_all(header::CONNECTION).iter().any(|list| {
        list.to_str().is_ok_and(|list| {
            list.split(',')
                .any(|one| one.trim().eq_ignore_ascii_case(name.as_str()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NAMES: [HeaderName; 2] = [header::AUTHORIZATION, HeaderName::from_static("x-tenant")];

    fn sent(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn shown(forwarded: &Forwarded) -> Vec<(&str, &str)> {
        forwarded
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect()
    }

    #[test]
    fn only_named_headers_go_on() {
        let headers = sent(&[("authorization", "a"), ("cookie", "c"), ("x-tenant", "t")]);
        let all = Forwarded::of(&headers, &NAMES);
        assert_eq!(shown(&all), [("authorization", "a"), ("x-tenant", "t")]);
        assert!(Forwarded::of(&headers, &[]).is_empty());
        assert!(!format!("{all:?}").contains("\"a\""), "{all:?}");
    }

    #[test]
    fn what_the_connection_header_names_ends_here() {
        let headers = sent(&[
            ("authorization", "a"),
            ("x-tenant", "t"),
            ("connection", "keep-alive, X-Tenant"),
        ]);
        assert_eq!(
            shown(&Forwarded::of(&headers, &NAMES)),
            [("authorization", "a")]
        );
    }

    #[test]
    fn a_sockets_first_message_wins_over_the_upgrade() {
        let upgrade = Forwarded::of(&sent(&[("authorization", "a"), ("x-tenant", "t")]), &NAMES);
        let payload = json!({ "Authorization": "b", "cookie": "c" });
        let both = upgrade
            .or_of_init(payload.as_object().unwrap(), &NAMES)
            .unwrap();
        assert_eq!(shown(&both), [("x-tenant", "t"), ("authorization", "b")]);
        for wrong in [json!(7), json!("a\nb"), json!("x".repeat(LONGEST + 1))] {
            let payload = json!({ "x-tenant": wrong });
            assert!(
                upgrade
                    .or_of_init(payload.as_object().unwrap(), &NAMES)
                    .is_err()
            );
        }
    }

    #[test]
    fn what_belongs_to_one_connection_may_not_go_on() {
        for name in ["authorization", "cookie", "x-tenant", "traceparent"] {
            assert!(Forwarded::may(&HeaderName::from_static(name)), "{name}");
        }
        for name in [
            "connection",
            "keep-alive",
            "upgrade",
            "host",
            "content-length",
            "sec-websocket-key",
            "proxy-authorization",
            "te",
        ] {
            assert!(!Forwarded::may(&HeaderName::from_static(name)), "{name}");
        }
    }
}
