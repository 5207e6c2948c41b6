//! Ranking: taste, critics, and what was asked for; then variety.

use super::{
    Company, Criteria, LITTLE_PLAYED, Pick,
    criteria::Understood,
    reason::{self, Person},
    shelf::{Shelf, Shelved, cosine},
    taste::Taste,
    words::likeness,
};
use crate::taste::Status;
use djinn_kernel::Esrb;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// Only this genre.
    pub genre: Option<&'a str>,
    /// What was asked for in words.
    pub criteria: &'a Criteria,
    /// How many.
    pub limit: usize,
    /// With whom to play.
    pub company: Option<Company>,
    /// Rated, and at most so.
    pub rating_at_most: Option<Esrb>,
    /// Who is spoken to.
    pub person: Person,
}

/// How much taste counts against the critics, when taste may be relied on.
const TASTE: f32 = 0.75;
/// How much what was asked for counts against the rest.
const ASKED: f32 = 0.6;
/// What a game no critic has scored counts as.
const UNSCORED: f32 = 0.5;
/// How much of a score is taken away from a copy of something already picked.
const SAMENESS: f32 = 0.2;
/// The same, when there is no taste to follow and variety is all there is.
const SAMENESS_COLD: f32 = 0.6;
/// Variety is looked for among this many of the best.
const POOL: usize = 300;

/// Whether there is anything left to recommend about it.
pub fn is_candidate(game: &Shelved) -> bool {
    // Somebody has tried it, or knows that they will not.
    if game.held.play.rating.is_some_and(|rating| rating < 40) {
        return false;
    }
    match game.held.play.status {
        Status::Completed | Status::Abandoned => false,
        Status::OnHold => true,
        Status::Playing | Status::Other => game.held.play.minutes < LITTLE_PLAYED,
    }
}

/// What the critics' score counts, 0 to 1.
fn critics(game: &Shelved) -> f32 {
    // Scores below 40 tell games apart no more.
    game.held.facts.critic_score.map_or(UNSCORED, |score| {
        ((f32::from(score) - 40.0) / 60.0).clamp(0.0, 1.0)
    })
}

fn has_genre(game: &Shelved, genre: &str) -> bool {
    let squashed = super::words::squash(genre);
    game.held
        .facts
        .genres
        .iter()
        .any(|name| likeness(&squashed, &super::words::squash(name), &[]) >= 0.9)
}

/// The best games of `shelf` to play next. Pure, and the same for the same input.
pub fn rank(taste: &Taste, shelf: &Shelf, wish: &Wish<'_>) -> Vec<Pick> {
    let understood = wish.criteria.on(shelf);
    let scores = scores(taste, shelf, &understood, wish);
    let picked = vary(
        shelf,
        scores,
        wish.limit,
        if taste.trust() > 0.0 {
            SAMENESS
        } else {
            SAMENESS_COLD
        },
    );
    picked
        .into_iter()
        .map(|(game, score)| Pick {
            game: shelf.games()[game].held.facts.game,
            title: shelf.games()[game].held.facts.title.clone(),
            score,
            reasons: reason::why(taste, shelf, &understood, game, wish),
        })
        .collect()
}

/// Each candidate's place on the shelf and its score, the best first.
fn scores(
    taste: &Taste,
    shelf: &Shelf,
    understood: &Understood,
    wish: &Wish<'_>,
) -> Vec<(usize, f32)> {
    let wanted = |(i, game): &(usize, &Shelved)| {
        is_candidate(game)
            && wish.genre.is_none_or(|genre| has_genre(game, genre))
            && wish.company.is_none_or(|company| company.fits(game))
            // Unrated is not mild.
            && wish.rating_at_most.is_none_or(|most| game.held.facts.rated.esrb().is_some_and(|esrb| esrb <= most))
            && understood.like != Some(*i)
            && !understood.unwanted(game)
    };
    let likeness = |i: usize| {
        let like = understood.like.map(|like| &shelf.games()[like].vector)?;
        Some(cosine(like, &shelf.games()[i].vector))
    };
    let candidates: Vec<_> = shelf.games().iter().enumerate().filter(wanted).collect();
    // Cosines are small numbers: what counts is who is nearest.
    let most = |values: &mut dyn Iterator<Item = f32>| values.fold(f32::EPSILON, f32::max);
    let most_taste = most(&mut candidates.iter().map(|(i, _)| taste.affinities()[*i]));
    let most_alike = most(&mut candidates.iter().filter_map(|(i, _)| likeness(*i)));
    let trust = TASTE * taste.trust();
    let mut scores: Vec<(usize, f32)> = candidates
        .into_iter()
        .filter_map(|(i, game)| {
            let length = match understood.length {
                Some(length) => Some(length.fit(game.held.facts.main_story_minutes)?),
                None => None,
            };
            // What resembles a game given up may fall below what resembles nothing.
            let liked = (taste.affinities()[i] / most_taste).max(-0.5);
            let base = trust * liked + (1.0 - trust) * critics(game);
            let asked = [
                (understood.words(game), 0.6),
                (likeness(i).map(|near| near / most_alike), 0.6),
                (length, 0.4),
            ];
            let parts = asked
                .iter()
                .filter_map(|(fit, weight)| Some((fit.as_ref()? * weight, weight)));
            let (fit, weights) =
                parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
            let score = if weights > 0.0 {
                (1.0 - ASKED) * base + ASKED * fit / weights
            } else {
                base
            };
            Some((i, score))
        })
        .collect();
    // The shelf is in the order of titles: equal scores stay in it.
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scores
}

/// Picks one after the other, each time the best after what resembles the picked has been taken
/// down (maximal marginal relevance: Carbonell and Goldstein, 1998). Scores only ever fall, so
/// the picks are in falling order.
fn vary(
    shelf: &Shelf,
    mut scores: Vec<(usize, f32)>,
    limit: usize,
    sameness: f32,
) -> Vec<(usize, f32)> {
    scores.truncate(POOL.max(limit));
    let mut pool: Vec<(usize, f32, f32)> = scores
        .into_iter()
        .map(|(i, score)| (i, score, 0.0))
        .collect();
    let mut picked = Vec::with_capacity(limit.min(pool.len()));
    while picked.len() < limit && !pool.is_empty() {
        let value = |(_, score, alike): &(usize, f32, f32)| score * (1.0 - sameness * alike);
        let mut best = 0;
        for at in 1..pool.len() {
            if value(&pool[at]) > value(&pool[best]) {
                best = at;
            }
        }
        let taken = pool.remove(best);
        let vector = &shelf.games()[taken.0].vector;
        for other in &mut pool {
            other.2 = other
                .2
                .max(cosine(vector, &shelf.games()[other.0].vector))
                .min(1.0);
        }
        picked.push((taken.0, value(&taken).clamp(0.0, 1.0)));
    }
    picked
}
