//! What playing says about what a household likes.

use super::shelf::{Shelf, Shelved};
use crate::taste::Status;

/// What a household likes, by what it has played.
///
/// Two views of it, because tastes are mixed: the sum of everything that was played, and the
/// `anchors`, the games that were liked most. Somebody who loves racing and puzzles is far from both in
/// the sum, and near to each by an anchor.
#[derive(Debug, Clone, Default)]
pub struct Taste {
    affinities: Vec<f32>,
    anchors: Vec<Anchor>,
    trust: f32,
}

/// A game that was liked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Anchor {
    /// Its place on the shelf.
    pub game: usize,
    /// How much it was liked, 1 for the most.
    pub liking: f32,
}

/// As many games are looked at one by one; more would cost time and add little.
const ANCHORS: usize = 48;
/// How many anchors speak for a candidate.
const VOICES: usize = 3;
/// How much the sum counts against the anchors.
const SUM: f32 = 0.4;

/// How much playing says that a game is liked; below zero when it says the contrary.
pub fn fondness(game: &Shelved) -> f32 {
    let play = &game.held.play;
    // Ten times the hours are not ten times the love.
    let hours = (play.minutes as f32 / 60.0).ln_1p();
    match play.status {
        Status::Completed => hours + 1.0,
        Status::Playing => hours + 0.5,
        Status::OnHold => hours * 0.8,
        // Given up early says no; given up after a hundred hours says little.
        Status::Abandoned => hours * 0.4 - 1.5,
        // A few minutes are a look, not a game.
        Status::Other if play.minutes < 10 => 0.0,
        Status::Other => hours,
    }
}

impl Taste {
    /// What the games of `shelf` say.
    pub fn of(shelf: &Shelf) -> Self {
        let mut profile = vec![0.0_f32; shelf.features().len()];
        let mut liked: Vec<Anchor> = Vec::new();
        for (i, game) in shelf.games().iter().enumerate() {
            let fondness = fondness(game);
            for (id, weight) in &game.vector {
                profile[*id as usize] += fondness * weight;
            }
            if fondness > 0.0 {
                liked.push(Anchor {
                    game: i,
                    liking: fondness,
                });
            }
        }
        let length = profile
            .iter()
            .map(|weight| weight * weight)
            .sum::<f32>()
            .sqrt();
        if length > 0.0 {
            for weight in &mut profile {
                *weight /= length;
            }
        }
        // One game is a hint, ten are a taste.
        let trust = liked.len() as f32 / (liked.len() as f32 + 1.0);
        liked.sort_by(|a, b| b.liking.total_cmp(&a.liking).then(a.game.cmp(&b.game)));
        liked.truncate(ANCHORS);
        let most = liked.first().map_or(1.0, |anchor| anchor.liking);
        for anchor in &mut liked {
            anchor.liking /= most;
        }
        let affinities = affinities(shelf, &profile, &liked);
        Self {
            affinities,
            anchors: liked,
            trust,
        }
    }

    /// How much it may be relied on: 0 when nothing was played, towards 1 with every game.
    pub const fn trust(&self) -> f32 {
        self.trust
    }

    /// The games that were liked most, the most first.
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// How near each game of the shelf is to what is liked; about 0 to 1.
    pub fn affinities(&self) -> &[f32] {
        &self.affinities
    }
}

fn affinities(shelf: &Shelf, profile: &[f32], anchors: &[Anchor]) -> Vec<f32> {
    let dot = |dense: &[f32], game: &Shelved| -> f32 {
        game.vector
            .iter()
            .map(|(id, weight)| dense[*id as usize] * weight)
            .sum()
    };
    let mut voices = vec![[0.0_f32; VOICES]; shelf.games().len()];
    let mut dense = vec![0.0_f32; shelf.features().len()];
    for anchor in anchors {
        let vector = &shelf.games()[anchor.game].vector;
        for (id, weight) in vector {
            dense[*id as usize] = *weight;
        }
        for (i, game) in shelf
            .games()
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != anchor.game)
        {
            insert(&mut voices[i], dot(&dense, game) * anchor.liking.sqrt());
        }
        for (id, _) in vector {
            dense[*id as usize] = 0.0;
        }
    }
    let near = |voices: [f32; VOICES]| voices.iter().sum::<f32>() / VOICES as f32;
    let games = shelf.games().iter().zip(voices);
    games
        .map(|(game, voices)| SUM * dot(profile, game) + (1.0 - SUM) * near(voices))
        .collect()
}

/// Keeps the largest, in falling order.
fn insert(largest: &mut [f32; VOICES], mut value: f32) {
    for kept in largest {
        if value > *kept {
            std::mem::swap(kept, &mut value);
        }
    }
}
