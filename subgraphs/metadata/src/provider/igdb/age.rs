//! Age ratings by the names of boards and levels.

use super::{list, string};
use crate::{
    game::rating::{self, Rating},
    provider::text,
};
use serde_json::Value;

/// Reads `age_ratings`. What comes without names, as its old form did and as an answer does that
/// was not expanded, is left out: a number means another rating in each generation.
pub fn read(value: &Value) -> Vec<Rating> {
    let mut ratings: Vec<Rating> = Vec::new();
    for said in list(value).filter_map(rating) {
        // One word of each board: of several editions the strictest, which a level's name does not
        // tell; so all are kept apart, and the first that closes more doors wins.
        match ratings.iter_mut().find(|known| known.board == said.board) {
            None => ratings.push(said),
            Some(known) if stricter(&said, known) => *known = said,
            Some(_) => {}
        }
    }
    ratings
}

fn stricter(one: &Rating, other: &Rating) -> bool {
    let word = |said: &Rating| rating::Word::read(&said.board, &said.rating);
    word(one).map(rating::Word::strictness) > word(other).map(rating::Word::strictness)
}

fn rating(said: &Value) -> Option<Rating> {
    let board = rating::named(string(&said["organization"]["name"])?)?;
    let level = string(&said["rating_category"]["rating"])?;
    let descriptors = list(&said["rating_content_descriptions"])
        .filter_map(|why| string(&why["description"]))
        .map(|why| text::plain(why, 100))
        .filter(|why| !why.is_empty())
        .take(20)
        .collect();
    Some(Rating {
        board: board.to_owned(),
        source: rating::IGDB.to_owned(),
        rating: text::plain(&rating::canonical(board, level), 32),
        descriptors,
    })
}
