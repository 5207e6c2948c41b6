//! What a child profile sees of a household's games: the one place where the library decides it.
//!
//! - A game above its ceiling, or without a rating where a parent chose nothing else, is not there.
//! - A game that a grown-up hid is not there either, whatever its rating.
//! - What a grown-up marks for themselves (favourites, notes, their rating, their own tags) is to a
//!   child as if it had never been said: also in a filter, an order, a count, a rule or a file.
//! - What happened to a game is of the library that they share: copies, playtime, status and how it
//!   changed.

use super::entity::holding;
use djinn_kernel::{FamilyView, Rated};

/// Whether a viewer with this ceiling may know of a game that is rated so.
pub fn visible(family: Option<FamilyView>, rated: Rated) -> bool {
    family.is_none_or(|family| family.allows(rated))
}

/// The same for a game whose facts may not have arrived yet: until they have, nobody knows what it
/// is, and a viewer with a ceiling does not see it.
pub fn visible_if_known(family: Option<FamilyView>, known: Option<Rated>) -> bool {
    family.is_none() || known.is_some_and(|rated| visible(family, rated))
}

/// Whether a game that a grown-up hid is there for this viewer: for grown-ups, who can show it
/// again.
pub const fn sees_hidden(family: Option<FamilyView>) -> bool {
    family.is_none()
}

/// Whether this viewer is told what a grown-up marked for themselves.
pub const fn reads_marks(family: Option<FamilyView>) -> bool {
    family.is_none()
}

/// A holding as this viewer may see it, whatever its rating; `None` where it is not there.
pub fn shown(family: Option<FamilyView>, mut row: holding::Model) -> Option<holding::Model> {
    if row.hidden && !sees_hidden(family) {
        return None;
    }
    if !reads_marks(family) {
        row.favourite = false;
        row.notes = None;
        row.my_rating = None;
        row.my_tags = None;
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use djinn_kernel::Esrb;

    fn child() -> FamilyView {
        FamilyView {
            ceiling: Esrb::Teen.into(),
            unrated: djinn_kernel::Unrated::Hide,
        }
    }

    #[test]
    fn an_unrated_game_is_hidden_from_a_child_and_a_rated_one_by_its_rating() {
        let rated = |esrb| Rated::by_esrb(Some(esrb));
        assert!(!visible(Some(child()), Rated::UNRATED));
        assert!(!visible(Some(child()), rated(Esrb::Mature)));
        assert!(visible(Some(child()), rated(Esrb::Everyone)));
        assert!(visible(None, Rated::UNRATED));
        assert!(!visible_if_known(Some(child()), None));
    }

    #[test]
    fn what_a_grown_up_hid_and_marked_is_theirs_alone() {
        let row = holding::Model {
            hidden: false,
            favourite: true,
            notes: Some("a gift".to_owned()),
            my_rating: Some(70),
            my_tags: Some("[\"present\"]".to_owned()),
            status: Some("playing".to_owned()),
            ..crate::game::holdings::nothing(uuid::Uuid::nil(), uuid::Uuid::nil())
        };
        assert_eq!(shown(None, row.clone()), Some(row.clone()));
        let seen = shown(Some(child()), row.clone()).expect("it is there");
        assert_eq!(
            (seen.favourite, seen.notes, seen.my_rating, seen.my_tags),
            (false, None, None, None)
        );
        assert_eq!(seen.status.as_deref(), Some("playing"));
        let hidden = holding::Model {
            hidden: true,
            ..row
        };
        assert_eq!(shown(Some(child()), hidden.clone()), None);
        assert_eq!(shown(None, hidden.clone()), Some(hidden));
    }
}
