//! Changing themes.

use super::{
    MAX_NAME, MAX_THEMES, Scheme, TOKENS, Theme,
    builtin::themes,
    colour::Colour,
    contrast::{Shortfall, shortfalls},
    position, store,
};
use crate::content::{Catalogue, Content, Noun, Refused, Wrong, catalogue, key, rev::Change};
use std::sync::Arc;

/// A theme to save.
#[derive(Debug)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Its name; the one it has, or its id, when absent.
    pub name: Option<String>,
    /// Whether it is bright or dark; as it is, or as the theme it is based on, or as its colours
    /// are, when absent.
    pub scheme: Option<Scheme>,
    /// The theme that colours which are not named come from.
    pub based_on: Option<String>,
    /// Colours by token.
    pub colours: Vec<(String, String)>,
}

/// Why a theme was not saved: what is wrong, and, when nothing else is, the pairs that are too
/// alike.
pub type Unsaved = (Refused, Vec<Shortfall>);

impl Content {
    /// Makes a theme or changes it, if it can be read.
    pub async fn save_theme(&self, draft: Draft) -> Result<Arc<Theme>, Unsaved> {
        let plain = |refused| (refused, Vec::new());
        let change = Change::begin(self.ports(), Noun::Themes)
            .await
            .map_err(|fault| plain(fault.into()))?;
        let all = catalogue::load(&change.txn, change.rev)
            .await
            .map_err(|fault| plain(fault.into()))?;
        let mut theme = drafted(&all, draft).map_err(plain)?;
        let short: Vec<Shortfall> = shortfalls(&theme.colours).collect();
        if !short.is_empty() {
            let wrong = short.iter().map(|pair| Wrong::Contrast(*pair)).collect();
            return Err((Refused::Wrong(wrong), short));
        }
        // Clients go by it: native controls and what is drawn before the theme is here.
        let seen = Scheme::of(&theme.colours);
        if theme.scheme != seen {
            return Err(plain(Wrong::Scheme(seen).into()));
        }
        let now = self.ports().clock.now();
        theme.updated_at = Some(now);
        let saved = async {
            store::save(&change.txn, &theme, now).await?;
            change.commit().await
        };
        saved.await.map_err(|fault| plain(fault.into()))?;
        Ok(Arc::new(theme))
    }

    /// Removes a theme that somebody made. Who prefers it gets the interface's own.
    pub async fn delete_theme(&self, id: &str) -> Result<(), Refused> {
        let change = Change::begin(self.ports(), Noun::Themes).await?;
        let all = catalogue::load(&change.txn, change.rev).await?;
        let theme = all.theme(id).ok_or_else(|| missing("id".to_owned(), id))?;
        if theme.built_in() {
            return Err(Wrong::BuiltIn {
                at: "id",
                id: theme.id.clone(),
            }
            .into());
        }
        let config = &all.ui.config;
        if [&config.light_theme, &config.dark_theme].contains(&&theme.id) {
            return Err(Wrong::Used {
                at: "id",
                id: theme.id.clone(),
                by: "the interface's configuration",
            }
            .into());
        }
        store::delete(&change.txn, id).await?;
        change.commit().await?;
        Ok(())
    }
}

/// The theme as it would be.
fn drafted(all: &Catalogue, draft: Draft) -> Result<Theme, Refused> {
    let id = key::id("input.id", &draft.id)?;
    let known = all.theme(&id);
    if known.is_some_and(|theme| theme.built_in()) {
        return Err(Wrong::BuiltIn { at: "input.id", id }.into());
    }
    if known.is_none() && all.themes.len() >= MAX_THEMES + themes().len() {
        return Err(Wrong::TooMany {
            at: "input.id",
            what: "themes beside the hub's own",
            most: MAX_THEMES,
        }
        .into());
    }
    let base = match &draft.based_on {
        Some(base) => Some(
            all.theme(base)
                .ok_or_else(|| missing("input.basedOn".to_owned(), base))?,
        ),
        None => known,
    };
    let name = match draft.name {
        Some(name) => key::words("input.name", "a name", &name, 1, MAX_NAME)?,
        None => known.map_or_else(|| id.clone(), |theme| theme.name.clone()),
    };
    if draft.colours.len() > TOKENS.len() {
        return Err(Wrong::TooMany {
            at: "input.colours",
            what: "colours of a theme",
            most: TOKENS.len(),
        }
        .into());
    }
    let mut colours = base.map_or([None; TOKENS.len()], |theme| theme.colours.map(Some));
    let (mut wrong, mut given) = (Vec::new(), [false; TOKENS.len()]);
    for (n, (token, value)) in draft.colours.into_iter().enumerate() {
        let at = format!("input.colours.{n}.value");
        let Some(place) = position(&token) else {
            let token = token.chars().take(key::MAX_ID).collect();
            wrong.push(Wrong::Token {
                at: format!("input.colours.{n}.token"),
                token,
            });
            continue;
        };
        if given[place] {
            wrong.push(Wrong::Twice { at, id: token });
            continue;
        }
        given[place] = true;
        match Colour::parse(&value, token == "shade") {
            Some(colour) => colours[place] = Some(colour),
            None => wrong.push(Wrong::Colour { at }),
        }
    }
    if wrong.is_empty() {
        let lacking = TOKENS.iter().zip(&colours);
        wrong.extend(
            lacking
                .filter(|(_, colour)| colour.is_none())
                .map(|((token, _), _)| Wrong::Colourless(token)),
        );
    }
    if !wrong.is_empty() {
        return Err(Refused::Wrong(wrong));
    }
    let colours = colours.map(|colour| colour.unwrap_or(Colour::of(0)));
    Ok(Theme {
        id,
        name,
        scheme: draft
            .scheme
            .or(base.map(|theme| theme.scheme))
            .unwrap_or_else(|| Scheme::of(&colours)),
        colours,
        updated_at: None,
    })
}

fn missing(at: String, id: &str) -> Wrong {
    Wrong::Missing {
        at,
        what: "theme",
        id: id.chars().take(key::MAX_ID).collect(),
    }
}
