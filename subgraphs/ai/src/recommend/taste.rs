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

/// How much is known to say that a game is liked; below zero when it says the contrary. What a
/// person says of it counts before what they did: a hundred hours of a game rated 20 are a hundred
/// hours of regret.
pub fn fondness(game: &Shelved) -> f32 {
    let play = &game.held.play;
    let played = played(game);
    let said = play.rating.map_or(played, |rating| {
        (f32::from(rating) - 50.0) / 50.0 * (played.abs() + RATED)
    });
    if play.favourite {
        said.max(0.0) + FAVOURITE
    } else {
        said
    }
}

/// What a rating counts by itself, and a favourite beside all else: as some hours of play.
const RATED: f32 = 2.0;
const FAVOURITE: f32 = 2.0;

/// How much playing says so.
fn played(game: &Shelved) -> f32 {
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
    // What a feature counts for every anchor, side by side: a game is gone through once for all
    // of them, and a processor takes several of them at a time.
    let mut weights = vec![[0.0_f32; ANCHORS]; shelf.features().len()];
    for (place, anchor) in anchors.iter().enumerate() {
        for (id, weight) in &shelf.games()[anchor.game].vector {
            weights[*id as usize][place] = *weight;
        }
    }
    let affinity = |(i, game): (usize, &Shelved)| {
        let (mut sum, mut near) = (0.0_f32, [0.0_f32; ANCHORS]);
        for (id, weight) in &game.vector {
            sum += profile[*id as usize] * weight;
            for (near, by) in near.iter_mut().zip(&weights[*id as usize]) {
                *near += by * weight;
            }
        }
        let mut voices = [0.0_f32; VOICES];
        for (anchor, near) in anchors.iter().zip(near) {
            if anchor.game != i {
                insert(&mut voices, near * anchor.liking.sqrt());
            }
        }
        let near = voices.iter().sum::<f32>() / VOICES as f32;
        SUM * sum + (1.0 - SUM) * near
    };
    shelf.games().iter().enumerate().map(affinity).collect()
}

/// Keeps the largest, in falling order.
fn insert(largest: &mut [f32; VOICES], mut value: f32) {
    for kept in largest {
        if value > *kept {
            std::mem::swap(kept, &mut value);
        }
    }
}
