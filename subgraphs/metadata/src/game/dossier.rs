//! A game with everything we know, and from whom.

use super::{
    Field, Findings, Said, Source,
    entity::{Names, Numbers, game},
    fact::shown,
    kind_code, kind_of,
    rating::{self, Rating},
    title,
};
use chrono::{DateTime, NaiveDate, Utc};
use djinn_kernel::{
    Board, Esrb, Rated,
    event::{GameChanged, GameKind},
    ids::GameId,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A game with everything we know, and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    /// The game.
    pub game: game::Model,
    /// What each source said.
    pub said: BTreeMap<Source, Said>,
    /// Where its fields come from.
    pub facts: BTreeMap<Field, (Source, DateTime<Utc>)>,
    /// What boards say.
    pub ratings: Vec<Rating>,
}

impl Dossier {
    /// A game nobody has met before.
    pub fn new(id: Uuid, now: DateTime<Utc>) -> Self {
        let game = game::Model {
            id,
            title: String::new(),
            sort_title: String::new(),
            kind: kind_code(GameKind::Game),
            released_on: None,
            release_year: None,
            genres: Names::default(),
            tags: Names::default(),
            developers: Names::default(),
            publishers: Names::default(),
            summary: None,
            cover_art: None,
            header_art: None,
            critic_score: None,
            main_story_minutes: None,
            content_descriptors: Numbers::default(),
            required_age: None,
            esrb: None,
            esrb_source: None,
            boards: None,
            enriched: false,
            revision: 0,
            created_at: now,
            updated_at: now,
        };
        Self {
            game,
            said: BTreeMap::new(),
            facts: BTreeMap::new(),
            ratings: Vec::new(),
        }
    }

    /// Takes over what `source` says. An import fills gaps only; a provider asked again replaces
    /// what it said before. What is shown follows from all that was said, whoever came first.
    pub fn learn(&mut self, source: Source, found: Findings, now: DateTime<Utc>) {
        self.absorb();
        let said = self.said.entry(source).or_default();
        said.hear(found, now, source == Source::Import);
        self.weigh();
    }

    /// The same of a provider that has products of its own: what it said of another is gone.
    pub fn learn_of(&mut self, source: Source, product: &str, found: Findings, now: DateTime<Utc>) {
        let said = self.said.entry(source).or_default();
        if said.product.as_deref() != Some(product) {
            *said = Said {
                product: Some(product.to_owned()),
                ..Said::default()
            };
        }
        self.learn(source, found, now);
    }

    /// Whether what `source` said may be about another game, because a file that nobody vouches for
    /// led to it. Then its ratings count as that file's.
    pub fn doubt(&mut self, source: Source, doubted: bool) {
        if let Some(said) = self.said.get_mut(&source) {
            said.doubted = doubted;
        }
    }

    /// Nothing said is doubted any more.
    pub fn believe(&mut self) {
        for said in self.said.values_mut() {
            said.doubted = false;
        }
    }

    /// Forgets all that `source` said: its product turned out to be another game.
    pub fn forget(&mut self, source: Source) {
        self.absorb();
        self.said.remove(&source);
        self.weigh();
    }

    /// Forgets what `source` said about one field.
    pub fn unlearn(&mut self, source: Source, field: Field) {
        self.absorb();
        if let Some(said) = self.said.get_mut(&source) {
            said.unsay(field);
            if said.at.is_empty() {
                self.said.remove(&source);
            }
        }
        self.weigh();
    }

    /// Reads what each source said out of what is shown: for games written before both were kept.
    pub fn read_back(&mut self) {
        let mut shown = shown(&self.game);
        for (field, (source, at)) in &self.facts {
            if *field != Field::AgeRatings {
                let said = self.said.entry(*source).or_default();
                said.findings.take(&mut shown, *field);
                said.at.insert(*field, *at);
            }
        }
        let aged = self.facts.get(&Field::AgeRatings).copied();
        let at = aged.map_or(self.game.updated_at, |(_, at)| at);
        for rating in &self.ratings {
            let source = match rating.source.as_str() {
                rating::IMPORT | rating::ADMINS_IMPORT => Source::Import,
                _ => Source::SteamStore,
            };
            let said = self.said.entry(source).or_default();
            said.findings.ratings.push(rating.clone());
            said.at.insert(Field::AgeRatings, at);
        }
        let game = &self.game;
        if !game.content_descriptors.0.is_empty() || game.required_age.is_some() {
            let said = self.said.entry(Source::SteamStore).or_default();
            said.findings
                .content_descriptors
                .clone_from(&game.content_descriptors.0);
            said.findings.required_age = game.required_age;
            said.at.insert(Field::AgeRatings, at);
        }
    }

    /// What the platforms call it is written into the game itself, by matching.
    fn absorb(&mut self) {
        for field in [Field::Title, Field::Kind] {
            if let Some((Source::Platform, at)) = self.facts.get(&field) {
                let said = self.said.entry(Source::Platform).or_default();
                said.at.insert(field, *at);
                if field == Field::Title {
                    said.findings.title = Some(self.game.title.clone());
                } else {
                    said.findings.kind = Some(kind_of(self.game.kind));
                }
            }
        }
    }

    /// Who is believed about `field`.
    fn believed(&self, field: Field) -> Option<(Source, DateTime<Utc>)> {
        let poor = |said: &Said| {
            field == Field::Title && said.findings.title.as_deref().is_none_or(title::is_poor)
        };
        self.said
            .iter()
            .filter_map(|(source, said)| Some((*source, *said.at.get(&field)?, poor(said))))
            .max_by_key(|(source, _, poor)| (!poor, source.weight(field)))
            .map(|(source, at, _)| (source, at))
    }

    /// Works out what is shown of each field.
    fn weigh(&mut self) {
        let mut shown = Findings::default();
        self.facts.clear();
        for field in Field::ALL {
            let Some((source, at)) = self.believed(field) else {
                continue;
            };
            self.facts.insert(field, (source, at));
            // Boards add up: each source keeps its own, and what counts is decided in `rating`.
            if field != Field::AgeRatings {
                let mut said = self.said[&source].findings.clone();
                shown.take(&mut said, field);
            }
        }
        let game = &mut self.game;
        // A game has a title and a kind, be it the ones it had.
        if let Some(title) = shown.title {
            game.title = title;
        }
        if let Some(kind) = shown.kind {
            game.kind = kind_code(kind);
        }
        (game.released_on, game.release_year) = (shown.released_on, shown.release_year);
        game.genres.0 = shown.genres;
        game.tags.0 = shown.tags;
        game.developers.0 = shown.developers;
        game.publishers.0 = shown.publishers;
        game.summary = shown.summary;
        game.critic_score = shown.critic_score;
        game.main_story_minutes = shown.main_story_minutes;
        (game.cover_art, game.header_art) = (shown.cover_art, shown.header_art);
        let store = self
            .said
            .get(&Source::SteamStore)
            .filter(|said| !said.doubted)
            .map(|said| &said.findings);
        game.content_descriptors.0 = store
            .map(|said| said.content_descriptors.clone())
            .unwrap_or_default();
        game.required_age = store.and_then(|said| said.required_age);
        self.ratings = self
            .said
            .values()
            .filter(|said| !said.doubted)
            .flat_map(|said| said.findings.ratings.iter().cloned())
            .collect();
        for said in self.said.values().filter(|said| said.doubted) {
            let Findings {
                ratings,
                content_descriptors,
                required_age,
                ..
            } = &said.findings;
            let unvouched = rating::unvouched(ratings, content_descriptors, *required_age);
            rating::gather(&mut self.ratings, unvouched);
        }
    }

    /// Works out what follows from the rest: how it sorts and which rating counts.
    pub fn settle(&mut self) {
        self.absorb();
        self.weigh();
        self.ratings
            .sort_by(|a, b| (&a.board, &a.source).cmp(&(&b.board, &b.source)));
        self.ratings
            .dedup_by(|a, b| (&a.board, &a.source) == (&b.board, &b.source));
        let game = &mut self.game;
        game.sort_title = title::to_sort_by(&game.title);
        let (descriptors, age) = (&game.content_descriptors.0, game.required_age);
        let rated = rating::rated(&self.ratings, descriptors, age);
        let effective = rating::effective(&self.ratings, descriptors, age);
        game.esrb_source = effective.map(|(_, source)| source);
        game.esrb = rated.esrb().map(Esrb::level);
        game.boards = Some(rated.boards());
    }

    /// It was split off from `whole`, which stood for it until now. Where nothing of its own says how
    /// it is rated, what was said of the whole goes on counting until something does: nobody is to
    /// see by a split what they did not see before. What an admin said of the whole counts where it
    /// is stricter than what it says itself.
    ///
    /// A mild word is not taken over: it was about the other one.
    pub fn split_from(&mut self, whole: &Self, now: DateTime<Utc>) {
        let (own, theirs) = (self.rated(), whole.rated());
        let is_mild = Board::ALL
            .into_iter()
            .all(|board| theirs.level(board) <= Some(board.of_esrb(Esrb::Everyone)));
        if is_mild || own.strictest(theirs) == own {
            return;
        }
        let is_rated = own != Rated::UNRATED;
        for (source, said) in &whole.said {
            if !said.at.contains_key(&Field::AgeRatings) || (is_rated && *source != Source::Person)
            {
                continue;
            }
            let mut ratings = Findings::default();
            ratings.take(&mut said.findings.clone(), Field::AgeRatings);
            self.learn(*source, ratings, now);
            self.doubt(*source, said.doubted);
        }
        self.settle();
    }

    /// How it is rated.
    pub fn rated(&self) -> Rated {
        self.game.rated()
    }

    /// What other subgraphs are told.
    pub fn changed(&self) -> GameChanged {
        let game = &self.game;
        GameChanged {
            game: GameId(game.id),
            revision: game.revision,
            title: game.title.clone(),
            kind: kind_of(game.kind),
            // Only a year is known of some; for ordering and decades its first day stands for it.
            released_on: game
                .released_on
                .or_else(|| NaiveDate::from_yo_opt(game.release_year?, 1)),
            genres: game.genres.0.clone(),
            tags: game.tags.0.clone(),
            developers: game.developers.0.clone(),
            esrb: self.rated().esrb(),
            boards: game.boards,
            critic_score: game.critic_score,
            main_story_minutes: game.main_story_minutes,
            enriched: game.enriched,
        }
    }
}

#[cfg(test)]
mod tests;
