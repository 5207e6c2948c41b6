//! What a household's status of a game follows from when its copies change.
//!
//! A person's word stays. Everything else follows from the copies as a whole, so it is the same in
//! whatever order they were found, imported and matched.

use super::By;
use crate::game::{PLAYING, UNPLAYED, status_or_default};

/// Where a household stands with a game.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stands {
    /// The status' id; unset until somebody or something says.
    pub status: Option<String>,
    /// Who or what said so; unset for words from before it was kept, which count as a person's.
    pub by: Option<By>,
}

/// What the copies of a game say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said<'a> {
    /// What import files said: one that is further than "unplayed", or that.
    pub imported: Option<&'a str>,
    /// Whether a sync saw one of them being played.
    pub seen_playing: bool,
    /// Whether one of them was ever played.
    pub played: bool,
    /// Whether they were played for longer than at the last look.
    pub played_on: bool,
}

impl Said<'_> {
    /// Puts together what import files said of the copies, given the oldest copy first.
    pub fn imported<'a>(statuses: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
        let mut all = statuses.clone();
        all.find(|id| *id != UNPLAYED)
            .or_else(|| statuses.into_iter().next())
    }
}

/// Where the household stands after a look at the copies.
pub fn after(before: Stands, played_before: bool, said: Said<'_>) -> Stands {
    let started = || Stands {
        status: Some(PLAYING.to_owned()),
        by: Some(By::Rule),
    };
    let first_play = said.played && !played_before;
    let unplayed = status_or_default(before.status.as_deref()) == UNPLAYED;
    let is_persons = before.status.is_some() && !matches!(before.by, Some(By::Rule | By::Import));
    if is_persons {
        return if unplayed && first_play {
            started()
        } else {
            before
        };
    }
    match said.imported {
        // Whoever wrote "unplayed" into a file meant the minutes there were. What came later counts.
        Some(UNPLAYED) if said.seen_playing => started(),
        Some(imported) => Stands {
            status: Some(imported.to_owned()),
            by: Some(By::Import),
        },
        None if said.played && (before.status.is_none() || (unplayed && first_play)) => started(),
        // The file that said "unplayed" did so of fewer minutes, and that is not remembered any more.
        None if said.played_on && unplayed && before.by == Some(By::Import) => started(),
        None => before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stands(status: &str, by: By) -> Stands {
        Stands {
            status: Some(status.to_owned()),
            by: Some(by),
        }
    }

    const PLAYED: Said<'static> = Said {
        imported: None,
        seen_playing: false,
        played: true,
        played_on: false,
    };

    #[test]
    fn the_first_play_starts_a_game_that_nobody_has_begun() {
        let playing = stands("playing", By::Rule);
        assert_eq!(after(Stands::default(), false, PLAYED), playing);
        let unplayed = stands("unplayed", By::Person);
        assert_eq!(after(unplayed, false, PLAYED), playing);
    }

    #[test]
    fn playing_on_never_changes_what_a_person_said() {
        for (status, played_before) in [("completed", false), ("unplayed", true), ("on_hold", true)]
        {
            let said = Said {
                imported: Some("playing"),
                seen_playing: true,
                ..PLAYED
            };
            let person = stands(status, By::Person);
            assert_eq!(after(person.clone(), played_before, said), person);
            let from_before = Stands { by: None, ..person };
            assert_eq!(after(from_before.clone(), played_before, said), from_before);
        }
    }

    #[test]
    fn what_an_import_says_counts_where_no_person_said_anything() {
        let said = |imported| Said {
            imported: Some(imported),
            ..PLAYED
        };
        for before in [Stands::default(), stands("playing", By::Rule)] {
            assert_eq!(
                after(before.clone(), false, said("completed")),
                stands("completed", By::Import)
            );
            assert_eq!(
                after(before, true, said("unplayed")),
                stands("unplayed", By::Import)
            );
        }
        let seen = Said {
            seen_playing: true,
            ..said("unplayed")
        };
        assert_eq!(
            after(stands("unplayed", By::Import), true, seen),
            stands("playing", By::Rule)
        );
    }

    #[test]
    fn an_unplayed_that_is_not_remembered_gives_way_to_minutes_that_came_later() {
        let later = Said {
            played_on: true,
            ..PLAYED
        };
        let playing = stands("playing", By::Rule);
        let unplayed = stands("unplayed", By::Import);
        assert_eq!(after(unplayed.clone(), true, later), playing);
        assert_eq!(after(unplayed.clone(), true, PLAYED), unplayed);
        for before in [
            stands("unplayed", By::Person),
            stands("on_hold", By::Import),
        ] {
            assert_eq!(after(before.clone(), true, later), before);
        }
    }

    #[test]
    fn of_several_imports_the_oldest_that_is_further_than_unplayed_counts() {
        let said = |statuses: &[&'static str]| Said::imported(statuses.iter().copied());
        assert_eq!(said(&["unplayed", "on_hold", "completed"]), Some("on_hold"));
        assert_eq!(
            said(&["unplayed", "Shelf of shame"]),
            Some("Shelf of shame")
        );
        assert_eq!(said(&["unplayed"]), Some("unplayed"));
        assert_eq!(said(&[]), None);
    }
}
