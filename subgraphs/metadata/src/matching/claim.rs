//! What a library claims about a copy, made safe to compare and store.

use super::key::TitleKey;
use crate::game::{
    Findings,
    rating::{self, Rating},
    title,
};
use chrono::Datelike;
use djinn_kernel::{
    event::{FileEntry, FoundCopy, Hints},
    ids::{LibraryId, PlayerId},
};
use uuid::Uuid;

/// One copy as a library reported it, made safe to store.
pub struct Claim {
    /// The copy.
    pub copy: Uuid,
    /// Where it is.
    pub library: Uuid,
    /// Whose library that is, where the library says.
    pub household: Option<Uuid>,
    /// What it is evidence of: a store's product, or itself.
    pub identity: String,
    /// The platform's id.
    pub platform: String,
    /// The platform's own id of the product.
    pub store_id: Option<String>,
    /// The title, fit to store.
    pub title: String,
    /// The group of its title.
    pub group: String,
    /// The words that name the work.
    pub base: Option<String>,
    /// The year of release.
    pub year: Option<i32>,
    /// What an import said.
    pub hints: Hints,
    /// Which entry of a file of ours brought it.
    pub entry: Option<FileEntry>,
    /// Whether its store's id can be believed to be its title's.
    pub vouched: bool,
}

impl Claim {
    /// Reads what the library sent.
    pub fn read(library: LibraryId, household: Option<PlayerId>, found: FoundCopy) -> Self {
        // A store's id is short; what is not is no id we could look up again.
        let usable = |text: &&str| {
            !text.is_empty() && text.len() <= 200 && !text.chars().any(char::is_control)
        };
        let store_id = found
            .store_id
            .as_deref()
            .map(str::trim)
            .filter(usable)
            .map(str::to_owned);
        let platform = title::plain(&found.platform, 64);
        let identity = store_id.as_ref().map_or_else(
            || format!("copy:{}", found.copy),
            |store_id| format!("{platform}:{store_id}"),
        );
        let key = TitleKey::of(&found.title);
        let group = if key.base.is_empty() {
            // Nothing says what it is, so it is like nothing else.
            format!("untitled|{identity}")
        } else {
            title::plain(&key.group(), 2048)
        };
        Self {
            copy: found.copy.0,
            library: library.0,
            household: household.map(|household| household.0),
            base: Some(title::plain(&key.base, 2048)).filter(|base| !base.is_empty()),
            title: title::plain(&found.title, 512),
            year: found.year.filter(|year| sensible(*year)),
            identity,
            platform,
            store_id,
            group,
            hints: found.hints,
            entry: found.entry,
            vouched: found.vouched,
        }
    }

    /// What an import said beyond the title.
    pub fn findings(&self) -> Findings {
        let names = |names: &[String]| -> Vec<String> {
            let mut plain: Vec<String> = names.iter().map(|name| title::plain(name, 100)).collect();
            plain.retain(|name| !name.is_empty());
            plain.truncate(50);
            plain
        };
        Findings {
            released_on: self.hints.released_on.filter(|date| sensible(date.year())),
            release_year: self.year,
            genres: names(&self.hints.genres),
            tags: names(&self.hints.tags),
            developers: names(&self.hints.developers),
            main_story_minutes: self.hints.main_story_minutes.filter(|minutes| *minutes > 0),
            ratings: self.ratings(),
            ..Findings::default()
        }
    }

    /// What an import said boards say, each board once.
    fn ratings(&self) -> Vec<Rating> {
        let source = if self.hints.by_admin {
            rating::ADMINS_IMPORT
        } else {
            rating::IMPORT
        };
        let said = |board: &str, rating: String| Rating {
            board: board.to_owned(),
            source: source.to_owned(),
            rating,
            descriptors: Vec::new(),
        };
        let esrb = self.hints.esrb;
        let esrb = esrb.map(|esrb| said(rating::ESRB, rating::letters(esrb).to_owned()));
        let others = self
            .hints
            .boards
            .iter()
            .take(MOST_BOARDS)
            .filter_map(|one| {
                // The ESRB has a field of its own.
                let board = rating::named(&one.board).filter(|board| *board != rating::ESRB)?;
                let rating = rating::canonical(board, &title::plain(&one.rating, LONGEST_RATING));
                (!rating.is_empty()).then(|| said(board, rating))
            });
        let mut ratings = Vec::new();
        rating::gather(&mut ratings, esrb.into_iter().chain(others));
        ratings
    }
}

/// More boards than there are say nothing more.
const MOST_BOARDS: usize = 20;
/// No board has a longer word.
const LONGEST_RATING: usize = 20;

const fn sensible(year: i32) -> bool {
    1950 <= year && year < 2100
}
