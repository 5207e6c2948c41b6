//! The statuses of a household's own that a file names: an import brings them along. A file says
//! names, and the hub's rows say ids.

use super::{ImportError, own::Frame, row::Row, rows::Item};
use crate::{
    collection::{
        field::Field,
        rule::{Rule, Value},
    },
    game::{fold::fold, status},
    status::own::{MAX_OWN, Own, meant},
};
use std::collections::BTreeMap;

/// More names than this cannot all be of statuses that one household may have, each of which is
/// known by its name and by one it had.
const MOST: usize = 2 * MAX_OWN;

/// The names that a file says, each once however it is spelled.
#[derive(Debug, Default)]
pub struct Named(BTreeMap<String, String>);

impl Named {
    /// Those that our own file lists, and those in the rules of its collections.
    pub fn of(frame: Option<&Frame>) -> Self {
        let mut named = Self::default();
        let Some(frame) = frame else {
            return named;
        };
        frame.statuses.iter().for_each(|name| named.note(name));
        let rules = frame.collections.iter().filter_map(|one| one.rule.as_ref());
        for condition in rules.flat_map(Rule::conditions) {
            if let (Field::Status, Some(Value::Options(names))) =
                (condition.field, &condition.value)
            {
                for name in names {
                    named.note(name);
                }
            }
        }
        named
    }

    /// Those of some games. A game that cannot be read is refused, unless it is to be left out.
    pub fn note_items(
        &mut self,
        items: &[Item],
        leave_out_rejected: bool,
    ) -> Result<(), ImportError> {
        for item in items {
            match item {
                Item::Bad(rejected) if !leave_out_rejected => {
                    return Err(ImportError::Malformed(rejected.why.clone()));
                }
                Item::Row(row) => self.note_row(row),
                Item::Bad(_) | Item::Again(..) => {}
            }
        }
        Ok(())
    }

    /// Those of a game: names, or ids of a household that has them.
    fn note_row(&mut self, row: &Row) {
        let copy = row.incoming.as_ref();
        let said = [
            copy.and_then(|copy| copy.status.as_ref()),
            row.word.status.as_ref(),
        ];
        for name in said.into_iter().flatten() {
            self.note(name);
        }
    }

    fn note(&mut self, name: &str) {
        if status(name).is_none() && self.0.len() <= MOST {
            self.0.entry(fold(name)).or_insert_with(|| name.to_owned());
        }
    }

    /// The names.
    pub fn names(self) -> Vec<String> {
        self.0.into_values().collect()
    }
}

/// Says the household's ids where a game of our own file says names.
pub fn settle(row: &mut Row, own: &[Own]) {
    let copy = row.incoming.iter_mut();
    let imported = copy.filter_map(|copy| copy.status.as_mut());
    let turns = row.word.history.iter_mut();
    let history = turns.flat_map(|turn| [&mut turn.from, &mut turn.to]);
    for said in row.word.status.iter_mut().chain(imported).chain(history) {
        say(said, own);
    }
}

/// The same where a rule does.
pub fn settled(rule: &Rule, own: &[Own]) -> Rule {
    let mut rule = rule.clone();
    rule.reword(Field::Status, &|said| say(said, own));
    rule
}

fn say(said: &mut String, own: &[Own]) {
    if status(said).is_some() {
        return;
    }
    if let Some(one) = meant(own, said) {
        said.clone_from(&one.id);
    }
}
