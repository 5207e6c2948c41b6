//! Which media type the client can read.

use axum::http::{HeaderMap, header};

/// What an answer is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the HTTP status speaks of the GraphQL outcome.
    GraphQl,
    /// `application/json`: the status is 200 for whatever GraphQL says.
    Json,
    /// `text/event-stream`.
    EventStream,
}

impl Media {
    /// As a header.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream",
        }
    }
}

/// The media type that the client likes best of ours; none, when it reads none of them.
pub fn media(headers: &HeaderMap) -> Option<Media> {
    let mut best: Option<(Media, u16)> = None;
    let mut said_anything = false;
    for value in headers.get_all(header::ACCEPT) {
        for range in value
            .to_str()
            .unwrap_or_default()
            .split(',')
            .filter(|range| !range.trim().is_empty())
        {
            said_anything = true;
            let Some((media, weight)) = read(range) else {
                continue;
            };
            // Of two that are liked equally, the first.
            if weight > best.map_or(0, |(_, weight)| weight) {
                best = Some((media, weight));
            }
        }
    }
    if said_anything {
        best.map(|(media, _)| media)
    } else {
        Some(Media::Json)
    }
}

/// One range, with its weight in thousandths.
fn read(range: &str) -> Option<(Media, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let media = match parts.next()?.to_ascii_lowercase().as_str() {
        "application/graphql-response+json" => Media::GraphQl,
        "application/json" | "application/*" | "*/*" => Media::Json,
        "text/event-stream" => Media::EventStream,
        _ => return None,
    };
    let mut weight = 1_000;
    for parameter in parts {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => weight = (value.parse::<f32>().ok()?.clamp(0.0, 1.0) * 1_000.0) as u16,
            "charset" if !value.eq_ignore_ascii_case("utf-8") => return None,
            _ => {}
        }
    }
    (weight > 0).then_some((media, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        media(&headers)
    }

    #[test]
    fn the_best_liked_of_ours_is_chosen() {
        assert_eq!(media(&HeaderMap::new()), Some(Media::Json));
        for (accept, chosen) in [
            ("*/*", Some(Media::Json)),
            ("application/*;q=0.5", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::GraphQl)),
            (
                "application/graphql-response+json; charset=utf-8, application/json;q=0.9",
                Some(Media::GraphQl),
            ),
            (
                "application/json, application/graphql-response+json",
                Some(Media::Json),
            ),
            (
                "application/json;q=0.2, application/graphql-response+json;q=0.8",
                Some(Media::GraphQl),
            ),
            ("text/event-stream", Some(Media::EventStream)),
            ("text/html, */*;q=0.1", Some(Media::Json)),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json; charset=iso-8859-1", None),
        ] {
            assert_eq!(of(accept), chosen, "{accept}");
        }
    }
}
