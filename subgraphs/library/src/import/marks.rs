//! What a file would change of what a household said of its games itself: notes, rating, tags,
//! favourite and hidden. Reckoned before a word of it is said, for a preview as for an import.

use super::{columns::Column, waiting, word::Word};
use crate::{
    copy::clean,
    game::{entity::holding, holdings, store, tags},
};
use djinn_kernel::Fault;
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// As much of a value as is shown, in characters.
const SHOWN: usize = 300;

/// A field that changes, what it is and what it becomes.
pub type Change = (&'static str, Option<String>, Option<String>);

/// A game of a file.
pub struct Met<'w> {
    /// The copy that is here, and its game, if it has one.
    pub copy: Option<(Uuid, Option<Uuid>)>,
    /// What the file says of it.
    pub word: &'w Word,
}

/// What changes, portion after portion.
#[derive(Default)]
pub struct Marks {
    /// Games of several copies, as they would be by now: the file may have another copy.
    shared: HashMap<Uuid, holding::Model>,
}

impl Marks {
    /// What each of these changes, in their order.
    pub async fn changes(
        &mut self,
        conn: &impl ConnectionTrait,
        household: Uuid,
        met: &[Met<'_>],
    ) -> Result<Vec<Vec<Change>>, Fault> {
        let (mut games, mut alone) = (Vec::new(), Vec::new());
        for one in met.iter().filter(|one| one.word.says()) {
            match one.copy {
                Some((_, Some(game))) => games.push(game),
                Some((copy, None)) => alone.push(copy),
                None => {}
            }
        }
        let mut held = store::holdings(conn, household, &games).await?;
        for (game, row) in &mut held {
            if let Some(now) = self.shared.get(game) {
                row.clone_from(now);
            }
        }
        let waits = waiting::of_copies(conn, &alone).await?;
        let mut all = Vec::with_capacity(met.len());
        for one in met {
            all.push(match one.copy.filter(|_| one.word.says()) {
                Some((_, Some(game))) => {
                    let row = held.entry(game);
                    let row = row.or_insert_with(|| holdings::nothing(household, game));
                    let before = row.clone();
                    waiting::mark(row, one.word);
                    if row.copies > 1 && *row != before {
                        self.shared.insert(game, row.clone());
                    }
                    differences(&before, row)
                }
                // What waits for a game makes way for what is said now.
                Some((copy, None)) => {
                    let mut before = holdings::nothing(household, copy);
                    let mut after = before.clone();
                    if let Some(word) = waits.get(&copy) {
                        waiting::mark(&mut before, word);
                    }
                    waiting::mark(&mut after, one.word);
                    differences(&before, &after)
                }
                None => Vec::new(),
            });
        }
        Ok(all)
    }
}

fn differences(before: &holding::Model, after: &holding::Model) -> Vec<Change> {
    let pairs = said(before).into_iter().zip(said(after));
    let short = |text: Option<String>| text.map(|text| clean(&text, SHOWN));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| (field.name(), short(old), short(new)))
        .collect()
}

fn said(row: &holding::Model) -> [(Column, Option<String>); 5] {
    let truth = |truth: bool| Some(if truth { "yes" } else { "no" }.to_owned());
    let mine = tags::read(row.my_tags.as_deref());
    [
        (Column::Favourite, truth(row.favourite)),
        (Column::Hidden, truth(row.hidden)),
        (Column::Notes, row.notes.clone()),
        (
            Column::MyRating,
            row.my_rating.map(|rating| rating.to_string()),
        ),
        (Column::MyTags, (!mine.is_empty()).then(|| mine.join("; "))),
    ]
}
