//! Choosing.

use super::{Density, Motion, entity::Model, store};
use crate::content::{Content, Noun, Refused, Wrong, catalogue, key, rev::Change, text::language};
use async_graphql::MaybeUndefined;
use djinn_kernel::viewer::Identity;

/// What to change; null takes a choice back.
#[derive(Debug, Default)]
pub struct Choice {
    /// The id of a theme.
    pub theme: MaybeUndefined<String>,
    /// A language.
    pub language: MaybeUndefined<String>,
    /// How much room there is.
    pub density: MaybeUndefined<Density>,
    /// How much moves.
    pub motion: MaybeUndefined<Motion>,
    /// The id of an entry of the navigation.
    pub start_page: MaybeUndefined<String>,
}

impl Content {
    /// Changes what `who` prefers.
    pub async fn prefer(&self, who: &Identity, choice: Choice) -> Result<Model, Refused> {
        if who.key.is_some() {
            return Err(Wrong::ByKey.into());
        }
        let player = who.player.0;
        let change = Change::begin(self.ports(), Noun::Preferences).await?;
        let all = catalogue::load(&change.txn, change.rev).await?;
        let known = store::of(&change.txn, player).await?;
        let mut row = known.unwrap_or_else(|| Model {
            player_id: player,
            theme: None,
            language: None,
            density: None,
            motion: None,
            start_page: None,
            rev: 0,
            updated_at: self.ports().clock.now(),
        });
        let mut wrong = Vec::new();
        let missing = |at: &str, what, id: &str| Wrong::Missing {
            at: at.to_owned(),
            what,
            id: id.chars().take(key::MAX_ID).collect(),
        };
        match choice.theme {
            MaybeUndefined::Value(id) if all.theme(&id).is_none() => {
                wrong.push(missing("input.theme", "theme", &id));
            }
            theme => keep(&mut row.theme, theme),
        }
        match choice.language {
            MaybeUndefined::Value(text) => match language::parse(&text) {
                Some(tag) if offers(&all.ui.config.languages, &tag) => row.language = Some(tag),
                Some(tag) => wrong.push(missing(
                    "input.language",
                    "language of this interface",
                    &tag,
                )),
                None => wrong.push(Wrong::Language {
                    at: "input.language".to_owned(),
                }),
            },
            language => keep(&mut row.language, language),
        }
        match choice.start_page {
            MaybeUndefined::Value(id)
                if !all.ui.config.navigation.iter().any(|place| place.id == id) =>
            {
                wrong.push(missing("input.startPage", "entry of the navigation", &id));
            }
            start => keep(&mut row.start_page, start),
        }
        let density = choice
            .density
            .map_value(|density| density.as_str().to_owned());
        keep(&mut row.density, density);
        let motion = choice.motion.map_value(|motion| motion.as_str().to_owned());
        keep(&mut row.motion, motion);
        if !wrong.is_empty() {
            return Err(Refused::Wrong(wrong));
        }
        row.rev = change.rev;
        row.updated_at = self.ports().clock.now();
        store::save(&change.txn, row.clone()).await?;
        change.commit().await?;
        Ok(row)
    }
}

/// Whether these languages have `tag`, or a wider form of it: who reads `de-AT` reads `de`.
fn offers(languages: &[String], tag: &str) -> bool {
    let mut forms = std::iter::successors(Some(tag), |form| {
        form.rsplit_once('-').map(|(wider, _)| wider)
    });
    forms.any(|form| languages.iter().any(|language| language == form))
}

fn keep<T>(kept: &mut Option<T>, choice: MaybeUndefined<T>) {
    match choice {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *kept = None,
        MaybeUndefined::Value(value) => *kept = Some(value),
    }
}
