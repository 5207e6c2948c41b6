//! Names that many games share, such as genres, as small numbers.

use crate::game::fold::fold;
use std::collections::HashMap;

/// Numbers for names; two spellings that fold to the same text are one name.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    numbers: HashMap<String, u32>,
    labels: Vec<String>,
}

impl Terms {
    /// The number of `name`, a new one if it is new.
    pub fn add(&mut self, name: &str) -> u32 {
        let key = fold(name);
        let next = self.labels.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        match self.labels.get_mut(number as usize) {
            // Whatever came first, the label is the same on every database.
            Some(label) if label.as_str() > name => name.clone_into(label),
            Some(_) => {}
            None => self.labels.push(name.to_owned()),
        }
        number
    }

    /// The numbers of `names`, sorted, each once; empty names are none.
    pub fn add_all<'a>(&mut self, names: impl Iterator<Item = &'a str>) -> Box<[u32]> {
        let mut numbers: Vec<u32> = names
            .filter(|name| !name.trim().is_empty())
            .map(|name| self.add(name))
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into()
    }

    /// What [`Terms::add_all`] would answer, if none of `names` is new or would change a label.
    pub fn known<'a>(&self, names: impl Iterator<Item = &'a str>) -> Option<Box<[u32]>> {
        let mut numbers = names
            .filter(|name| !name.trim().is_empty())
            .map(|name| {
                let known = self.number(name)?;
                (self.label(known) <= name).then_some(known)
            })
            .collect::<Option<Vec<u32>>>()?;
        numbers.sort_unstable();
        numbers.dedup();
        Some(numbers.into())
    }

    /// The number of `name`, if any game has it.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.numbers.get(&fold(name)).copied()
    }

    /// The numbers of the names with `folded` in them, sorted.
    pub fn containing(&self, folded: &str) -> Vec<u32> {
        let holding = self.numbers.iter().filter(|(key, _)| key.contains(folded));
        let mut numbers: Vec<u32> = holding.map(|(_, number)| *number).collect();
        numbers.sort_unstable();
        numbers
    }

    /// How the name is written.
    pub fn label(&self, number: u32) -> &str {
        self.labels.get(number as usize).map_or("", String::as_str)
    }

    /// How many names there are.
    pub fn count(&self) -> usize {
        self.labels.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_are_one_name_with_the_same_label_in_any_order() {
        let (mut one, mut other) = (Terms::default(), Terms::default());
        for name in ["RPG", "rpg", "Rpg"] {
            one.add(name);
        }
        for name in ["rpg", "Rpg", "RPG"] {
            other.add(name);
        }
        assert_eq!(one.count(), 1);
        assert_eq!(one.label(0), other.label(0));
    }

    #[test]
    fn what_is_known_is_numbered_as_if_it_was_added() {
        let mut terms = Terms::default();
        terms.add_all(["Action", "RPG"].into_iter());
        let again = ["rpg", " ", "Action", "RPG"];
        let known = terms.known(again.into_iter());
        assert_eq!(known, Some(terms.add_all(again.into_iter())));
        assert_eq!(terms.known(["Puzzle"].into_iter()), None);
        // This spelling would become the label.
        assert_eq!(terms.known(["ACTION"].into_iter()), None);
    }
}
