//! Statuses that a household makes for itself, beside those that every hub has.
//!
//! The id of one is the name it was made with, and stays when it is called otherwise: filters,
//! rules, kept views and histories go on meaning it. Files say names, which mean the same on every
//! hub. Rules of the hub move games only among its own statuses.

pub mod entity;
pub mod graphql;
pub mod loader;
pub mod service;
pub mod store;

use crate::{
    copy::clean,
    game::{STATUSES, Status, fold::fold, status},
};

/// At most this many of one household.
pub const MAX_OWN: usize = 30;
/// The longest name, in characters.
pub const MAX_NAME: usize = 40;

/// A status of a household's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What filters, rules and rows say.
    pub id: String,
    /// What a person reads.
    pub name: String,
}

impl Own {
    /// A new one beside `others`. Its id is its name, unless that is still the id of one that has
    /// another name by now.
    pub fn new(name: String, others: &[Self]) -> Self {
        let short: String = name.chars().take(MAX_NAME - " (99)".len()).collect();
        let numbered = (2..=99).map(|n| format!("{} ({n})", short.trim_end()));
        let mut ids = std::iter::once(name.clone()).chain(numbered);
        let free = ids.find(|id| of_id(others, id).is_none());
        Self {
            id: free.unwrap_or_default(),
            name,
        }
    }
}

/// The one of that id, however it is spelled.
pub fn of_id<'o>(own: &'o [Own], id: &str) -> Option<&'o Own> {
    let folded = fold(id);
    own.iter().find(|one| fold(&one.id) == folded)
}

/// The one that is called so, however it is spelled.
pub fn called<'o>(own: &'o [Own], name: &str) -> Option<&'o Own> {
    let folded = fold(name);
    own.iter().find(|one| fold(&one.name) == folded)
}

/// The one that a file means: what is called so, or was when the file was written.
pub fn meant<'o>(own: &'o [Own], said: &str) -> Option<&'o Own> {
    // A file says the same thing thousands of times: folding is for what is spelled otherwise.
    let exact = own.iter().find(|one| one.name == said);
    exact
        .or_else(|| called(own, said))
        .or_else(|| of_id(own, said))
}

/// What a person reads for an id; one that is gone is called as its id.
pub fn name_of<'o>(own: &'o [Own], id: &'o str) -> &'o str {
    let found = own.iter().find(|one| one.id == id);
    found.map_or(id, |one| one.name.as_str())
}

/// A name as it is kept: 1 to [`MAX_NAME`] characters that no status of the hub is called.
pub fn name(typed: &str) -> Option<String> {
    let name = clean(typed, MAX_NAME + 1);
    let says = name.chars().any(char::is_alphanumeric);
    let fits = name.chars().count() <= MAX_NAME && says && of_the_hub(&name).is_none();
    fits.then_some(name)
}

/// The status of the hub that has this name or id, however it is spelled.
pub fn of_the_hub(typed: &str) -> Option<Status> {
    let folded = fold(typed);
    STATUSES
        .into_iter()
        .find(|one| folded == fold(one.id) || folded == fold(one.name))
}

/// Whether a file may say that: the id of a status of the hub, or a name that one of somebody's
/// own could have.
pub fn is_said(said: &str) -> bool {
    status(said).is_some() || name(said).as_deref() == Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_of_no_status_that_every_hub_has() {
        assert_eq!(
            name("  Shelf   of shame "),
            Some("Shelf of shame".to_owned())
        );
        assert_eq!(name("冷宮"), Some("冷宮".to_owned()));
        for odd in [
            "",
            "  ",
            "...",
            "On hold",
            "on_hold",
            "PLAYING",
            &"x".repeat(41),
        ] {
            assert_eq!(name(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_file_says_a_hubs_status_or_a_name_as_it_is_kept() {
        assert!(is_said("on_hold"));
        assert!(is_said("Shelf of shame"));
        assert!(!is_said(" Shelf"));
        assert!(!is_said("On hold"));
    }

    #[test]
    fn an_id_that_a_renamed_one_still_has_is_not_given_again() {
        let renamed = Own {
            id: "Shelf".to_owned(),
            name: "Pile".to_owned(),
        };
        let mut all = vec![renamed];
        for (name, id) in [
            ("shelf", "shelf (2)"),
            ("Shelf 2", "Shelf 2 (2)"),
            ("Pile", "Pile"),
        ] {
            let one = Own::new(name.to_owned(), &all);
            assert_eq!((&*one.id, &*one.name), (id, name));
            all.push(one);
        }
        let long = "x".repeat(MAX_NAME);
        let one = Own::new(long.clone(), &[]);
        assert_eq!(one.id, long);
        let other = Own::new(long, &[one]);
        assert!(is_said(&other.id), "{}", other.id);
    }

    #[test]
    fn a_file_means_what_is_called_so_before_what_was() {
        let own = |id: &str, name: &str| Own {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let all = [own("Shelf", "Pile"), own("Shelf (2)", "Shelf")];
        let id = |said: &str| meant(&all, said).map(|one| &*one.id);
        assert_eq!(id("shelf"), Some("Shelf (2)"));
        assert_eq!(id("Pile"), Some("Shelf"));
        assert_eq!(meant(&all[..1], "SHELF"), Some(&all[0]));
        assert_eq!(id("Heap"), None);
        assert_eq!(name_of(&all, "Shelf"), "Pile");
        assert_eq!(name_of(&all, "Gone"), "Gone");
    }
}
