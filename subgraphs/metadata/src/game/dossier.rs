//! A game with everything we know, and from whom.

use super::{
    Field, Findings, Source,
    entity::{Names, Numbers, game},
    kind_code, kind_of,
    rating::{self, Rating},
    title,
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use djinn_kernel::{
    Esrb,
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
            enriched: false,
            revision: 0,
            created_at: now,
            updated_at: now,
        };
        Self {
            game,
            facts: BTreeMap::new(),
            ratings: Vec::new(),
        }
    }

    /// Takes over what `source` says where nobody better has spoken. An import fills gaps only; a
    /// provider asked again replaces what it said before.
    pub fn learn(&mut self, source: Source, found: Findings, now: DateTime<Utc>) {
        let facts = &mut self.facts;
        let mut takes = |field: Field, said: bool| {
            let has = facts.get(&field).map(|(source, _)| source.weight(field));
            let takes = said
                && has.is_none_or(|has| {
                    source.weight(field) > has
                        || (source.weight(field) == has && source != Source::Import)
                });
            if takes {
                facts.insert(field, (source, now));
            }
            takes
        };
        let game = &mut self.game;
        if takes(Field::Kind, found.kind.is_some()) {
            game.kind = found.kind.map_or(game.kind, kind_code);
        }
        if takes(
            Field::ReleasedOn,
            found.released_on.is_some() || found.release_year.is_some(),
        ) {
            game.released_on = found.released_on;
            game.release_year = found
                .released_on
                .map(|date| date.year())
                .or(found.release_year);
        }
        for (field, have, said) in [
            (Field::Genres, &mut game.genres, found.genres),
            (Field::Tags, &mut game.tags, found.tags),
            (Field::Developers, &mut game.developers, found.developers),
            (Field::Publishers, &mut game.publishers, found.publishers),
        ] {
            if takes(field, !said.is_empty()) {
                have.0 = said;
            }
        }
        if takes(Field::Summary, found.summary.is_some()) {
            game.summary = found.summary;
        }
        if takes(Field::CriticScore, found.critic_score.is_some()) {
            game.critic_score = found.critic_score;
        }
        if takes(Field::MainStoryMinutes, found.main_story_minutes.is_some()) {
            game.main_story_minutes = found.main_story_minutes;
        }
        if takes(
            Field::Art,
            found.cover_art.is_some() || found.header_art.is_some(),
        ) {
            game.cover_art = found.cover_art;
            game.header_art = found.header_art;
        }
        if found.title.is_some() && title::is_poor(&game.title) && takes(Field::Title, true) {
            game.title = found.title.unwrap_or_default();
        }
        // Boards add up: each source keeps its own, and what counts is decided in `rating`.
        let aged = !found.ratings.is_empty()
            || !found.content_descriptors.is_empty()
            || found.required_age.is_some();
        let import_again = source == Source::Import
            && self
                .ratings
                .iter()
                .any(|rating| rating.source == rating::IMPORT);
        if aged && !import_again {
            takes(Field::AgeRatings, true);
            self.ratings.retain(|rating| !said_by(source, rating));
            self.ratings.extend(found.ratings);
            if source == Source::SteamStore {
                game.content_descriptors.0 = found.content_descriptors;
                game.required_age = found.required_age;
            }
        }
    }

    /// Forgets all that `source` said: its product turned out to be another game.
    pub fn forget(&mut self, source: Source) {
        let game = &mut self.game;
        for (field, _) in self.facts.extract_if(.., |_, (from, _)| *from == source) {
            match field {
                Field::ReleasedOn => (game.released_on, game.release_year) = (None, None),
                Field::Genres => game.genres.0.clear(),
                Field::Tags => game.tags.0.clear(),
                Field::Developers => game.developers.0.clear(),
                Field::Publishers => game.publishers.0.clear(),
                Field::Summary => game.summary = None,
                Field::CriticScore => game.critic_score = None,
                Field::MainStoryMinutes => game.main_story_minutes = None,
                Field::Art => (game.cover_art, game.header_art) = (None, None),
                // The copies say these again, and ratings are forgotten below.
                Field::Title | Field::Kind | Field::AgeRatings => {}
            }
        }
        self.ratings.retain(|rating| !said_by(source, rating));
        if source == Source::SteamStore {
            game.content_descriptors.0.clear();
            game.required_age = None;
        }
    }

    /// Works out what follows from the rest: how it sorts and which rating counts.
    pub fn settle(&mut self) {
        self.ratings
            .sort_by(|a, b| (&a.board, &a.source).cmp(&(&b.board, &b.source)));
        self.ratings
            .dedup_by(|a, b| (&a.board, &a.source) == (&b.board, &b.source));
        let game = &mut self.game;
        game.sort_title = title::to_sort_by(&game.title);
        let effective = rating::effective(
            &self.ratings,
            &game.content_descriptors.0,
            game.required_age,
        );
        game.esrb = effective.as_ref().map(|(level, _)| level.level());
        game.esrb_source = effective.map(|(_, source)| source);
    }

    /// The rating the ceiling goes by.
    pub fn esrb(&self) -> Option<Esrb> {
        self.game.esrb.and_then(Esrb::from_level)
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
            esrb: self.esrb(),
            critic_score: game.critic_score,
            main_story_minutes: game.main_story_minutes,
            enriched: game.enriched,
        }
    }
}

fn said_by(source: Source, rating: &Rating) -> bool {
    match source {
        Source::SteamStore => {
            rating.source == rating::STEAM_STORE || rating.source == rating::QUESTIONNAIRE
        }
        other => rating.source == other.as_str(),
    }
}
