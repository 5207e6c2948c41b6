//! Changing pictures.

use super::{Asset, MAX_ALT, MAX_ASSETS, MAX_ATTRIBUTION, MAX_LICENCE, MAX_URL, picture, store};
use crate::content::{Content, Noun, Refused, Wrong, catalogue, key, rev::Change};
use std::sync::Arc;

/// A picture to save. What is left out stays as it is.
#[derive(Debug)]
pub struct Draft {
    /// Its name for programs.
    pub name: String,
    /// Where it is.
    pub url: Option<String>,
    /// Or the file itself, as Base64.
    pub content: Option<String>,
    /// What to say to somebody who does not see it.
    pub alt: Option<String>,
    /// Under which licence it may be shown.
    pub licence: Option<String>,
    /// Who made it; `None` leaves it, an empty text removes it.
    pub attribution: Option<String>,
}

/// What a draft says of the picture itself.
enum Source {
    Kept(picture::Picture),
    At(String),
}

impl Content {
    /// Makes a picture known, or changes it.
    pub async fn save_asset(&self, draft: Draft) -> Result<Arc<Asset>, Refused> {
        let name = key::id("input.name", &draft.name)?;
        let source = match (draft.url, draft.content) {
            (Some(_), Some(_)) => return Err(Wrong::Either.into()),
            (Some(url), None) => Some(Source::At(address(&url)?)),
            (None, Some(content)) => Some(Source::Kept(
                picture::read(&content).map_err(Wrong::Picture)?,
            )),
            (None, None) => None,
        };
        let change = Change::begin(self.ports(), Noun::Assets).await?;
        let mut all = store::all(&change.txn).await?;
        let count = all.len();
        let known = all.remove(&name);
        if known.is_none() && count >= MAX_ASSETS {
            return Err(Wrong::TooMany {
                at: "input.name",
                what: "pictures",
                most: MAX_ASSETS,
            }
            .into());
        }
        let (url, media_type, size) = match (source, &known) {
            (Some(Source::At(url)), _) => (url, None, None),
            (Some(Source::Kept(kept)), _) => (
                kept.url,
                Some(kept.media_type.to_owned()),
                Some((kept.size.0 as i32, kept.size.1 as i32)),
            ),
            (None, Some(known)) => (known.url.clone(), known.media_type.clone(), known.size),
            (None, None) => return Err(Wrong::Either.into()),
        };
        let known = known.as_deref();
        let alt = draft.alt.or_else(|| known.map(|known| known.alt.clone()));
        let licence = draft
            .licence
            .or_else(|| known.map(|known| known.licence.clone()));
        let attribution = draft
            .attribution
            .or_else(|| known.and_then(|known| known.attribution.clone()));
        let attribution = attribution.filter(|text| !text.trim().is_empty());
        let attribution = attribution.map(|text| {
            key::words(
                "input.attribution",
                "an attribution",
                &text,
                0,
                MAX_ATTRIBUTION,
            )
        });
        let asset = Asset {
            name,
            url,
            media_type,
            size,
            alt: key::words(
                "input.alt",
                "an alternative text",
                // One that says nothing is said on purpose: the picture only decorates.
                &alt.ok_or(Wrong::Unsaid)?,
                0,
                MAX_ALT,
            )?,
            licence: key::words(
                "input.licence",
                "a licence",
                &licence.unwrap_or_default(),
                1,
                MAX_LICENCE,
            )?,
            attribution: attribution.transpose()?,
            updated_at: self.ports().clock.now(),
        };
        store::save(&change.txn, &asset).await?;
        change.commit().await?;
        Ok(Arc::new(asset))
    }

    /// Removes a picture.
    pub async fn delete_asset(&self, name: &str) -> Result<(), Refused> {
        let change = Change::begin(self.ports(), Noun::Assets).await?;
        let all = catalogue::load(&change.txn, change.rev).await?;
        if !all.assets.contains_key(name) {
            return Err(Wrong::Missing {
                at: "name".to_owned(),
                what: "picture",
                id: name.chars().take(key::MAX_ID).collect(),
            }
            .into());
        }
        if all.ui.config.logo.as_deref() == Some(name) {
            return Err(Wrong::Used {
                at: "name",
                id: name.to_owned(),
                by: "the interface's configuration",
            }
            .into());
        }
        store::delete(&change.txn, name).await?;
        change.commit().await?;
        Ok(())
    }
}

/// An address of this hub, or one that is fetched under encryption.
fn address(url: &str) -> Result<String, Wrong> {
    let wrong = || Wrong::Url { at: "input.url" };
    let plain = url.len() <= MAX_URL
        && url
            .bytes()
            .all(|c| c.is_ascii_graphic() && !b"\"'<>\\`{}|^".contains(&c));
    let host = url.strip_prefix("https://").unwrap_or_default();
    let host = host.split(['/', '?', '#']).next().unwrap_or_default();
    // A name before an @ only makes an address look like another.
    let elsewhere = !host.is_empty() && !host.contains('@') && !host.starts_with(':');
    let here = url.starts_with('/') && !url.starts_with("//");
    if plain && (elsewhere || here) {
        Ok(url.to_owned())
    } else {
        Err(wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_can_do_no_harm_are_taken() {
        for good in [
            "/images/logo.png",
            "https://example.org/logo.png?v=2",
            "https://example.org:8443/a",
        ] {
            assert_eq!(address(good).unwrap(), good);
        }
        for bad in [
            "",
            "//example.org/a",
            "http://example.org/a",
            "https://",
            "https:///a",
            "https://good.org@evil.org/",
            "javascript:alert(1)",
            "data:image/svg+xml,<svg/>",
            "/\\evil.org",
            "/a b",
            "/a\n",
            "https://ex\"ample.org/",
            "logo.png",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
