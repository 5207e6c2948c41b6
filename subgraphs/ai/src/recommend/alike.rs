//! Games that are like a game.

use super::{
    Pick, Reason, ReasonKind,
    shelf::{FeatureKind, Shelf, Shelved, Vector, cosine, shared},
    words::listed,
};
use djinn_kernel::ids::GameId;

/// Below this, resemblance is chance.
const LEAST: f32 = 0.05;
/// Names in one reason.
const NAMES: usize = 4;

/// The games of `shelf` nearest to `vector`, which is the one of `game`.
pub fn alike(shelf: &Shelf, game: GameId, vector: &Vector, first: usize) -> Vec<Pick> {
    let mut near: Vec<(usize, f32)> = shelf
        .games()
        .iter()
        .enumerate()
        .filter(|(_, other)| other.held.facts.game != game)
        .map(|(i, other)| (i, cosine(vector, &other.vector).min(1.0)))
        .filter(|(_, score)| *score > LEAST)
        .collect();
    near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    near.truncate(first);
    near.into_iter()
        .map(|(i, score)| {
            let other = &shelf.games()[i];
            Pick {
                game: other.held.facts.game,
                title: other.held.facts.title.clone(),
                score,
                reasons: common(shelf, vector, other),
            }
        })
        .collect()
}

/// What they have in common, by kind; the kind that tells most comes first.
fn common(shelf: &Shelf, vector: &Vector, other: &Shelved) -> Vec<Reason> {
    let mut common: Vec<_> = shared(vector, &other.vector).collect();
    common.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut kinds: Vec<FeatureKind> = Vec::new();
    for (id, _) in &common {
        let kind = shelf.feature(*id).kind;
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let reason = |kind| {
        let of_kind = common
            .iter()
            .map(|(id, _)| shelf.feature(*id))
            .filter(|feature| feature.kind == kind);
        let names: Vec<&str> = of_kind
            .take(NAMES)
            .map(|feature| feature.name.as_str())
            .collect();
        let all = listed(&names);
        let (code, text) = match kind {
            FeatureKind::Genre => ("both.genre", format!("Both are {all}.")),
            FeatureKind::Tag => ("both.tag", format!("Both are tagged {all}.")),
            FeatureKind::Developer => ("both.developer", format!("Both were made by {all}.")),
        };
        Reason::new(ReasonKind::from(kind), code, text).naming(&names)
    };
    kinds.into_iter().map(reason).collect()
}
