//! What a game of our own file can be, and what cannot be: a file is from a stranger.

use crate::{
    achievement::MAX as MAX_ACHIEVEMENTS,
    copy::{MAX_TITLE, clean},
    export::form,
    import::{board, row::MAX_ID},
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use djinn_kernel::text::turns;
use std::collections::HashSet;

/// A century of playing, in minutes.
const MAX_MINUTES: i32 = 52_560_000;
/// The most changes of status of one game, and the most days a copy was played on.
pub(super) const MAX_DAYS: usize = 40_000;

/// What of a copy cannot be, by its key.
pub(super) fn copy(
    copy: &form::Copy,
    is_status: &dyn Fn(&Option<String>) -> bool,
) -> Result<(), (&'static str, &'static str)> {
    let hints = copy.hints.as_ref();
    let words = hints
        .into_iter()
        .flat_map(|hints| [&hints.genres, &hints.tags, &hints.developers]);
    let days: HashSet<NaiveDate> = copy.play.iter().map(|(day, _)| *day).collect();
    for (good, key, what) in [
        (
            is_platform(&copy.platform),
            "platform",
            "it is no platform's id",
        ),
        (
            is_title(&copy.title),
            "title",
            "a title has 1 to 300 characters",
        ),
        (
            copy.store_id.as_deref().is_none_or(|id| {
                !id.is_empty() && id.chars().count() <= MAX_ID && clean(id, MAX_ID) == id
            }),
            "storeId",
            "a store's id has 1 to 100 characters",
        ),
        (
            (0..=MAX_MINUTES).contains(&copy.playtime_minutes),
            "playtimeMinutes",
            "it is not a number of minutes",
        ),
        (
            copy.last_played_at.is_none_or(is_near),
            "lastPlayedAt",
            "a time is in the years 1950 to 2100",
        ),
        (
            is_near(copy.added_at),
            "addedAt",
            "a time is in the years 1950 to 2100",
        ),
        (
            copy.year.is_none_or(|year| (1950..=2100).contains(&year)),
            "year",
            "a year is between 1950 and 2100",
        ),
        (
            is_status(&copy.import_status),
            "importStatus",
            "no status has that id",
        ),
        (
            words
                .into_iter()
                .all(|words| words.len() <= 100 && words.iter().all(|word| is_clean(word, 200))),
            "hints",
            "genres, tags and developers are at most 100 short words",
        ),
        (
            hints.is_none_or(|hints| {
                let short = |text: &str| !text.is_empty() && clean(text, 40) == text;
                hints.boards.len() <= board::MOST
                    && hints
                        .boards
                        .iter()
                        .all(|said| short(&said.board) && short(&said.rating))
            }),
            "hints",
            "boards are at most 20, each with a short rating",
        ),
        (
            hints.is_none_or(|hints| {
                hints
                    .released_on
                    .is_none_or(|day| (1950..=2100).contains(&day.year()))
                    && hints
                        .main_story_minutes
                        .is_none_or(|minutes| (0..=MAX_MINUTES).contains(&minutes))
            }),
            "hints",
            "the day of release or the length of the story cannot be",
        ),
        (
            copy.play.len() <= MAX_DAYS
                && days.len() == copy.play.len()
                && copy.play.iter().all(|(day, minutes)| {
                    (1950..=2100).contains(&day.year()) && (1..=1440).contains(minutes)
                }),
            "play",
            "each day has 1 to 1440 minutes, and stands once",
        ),
        (
            copy.achievements.as_ref().is_none_or(can_be),
            "achievements",
            "an achievement has an id and a name of at most 200 characters, and stands once",
        ),
    ] {
        if !good {
            return Err((key, what));
        }
    }
    Ok(())
}

fn can_be(achievements: &form::Achievements) -> bool {
    let unlocked = &achievements.unlocked;
    let keys: HashSet<&str> = unlocked.iter().map(|one| one.key.as_str()).collect();
    let text = |text: &str| !text.is_empty() && is_clean(text, 200);
    let maybe = |text: Option<&str>| text.is_none_or(|text| is_clean(text, 1_000));
    keys.len() == unlocked.len()
        && unlocked.len() <= MAX_ACHIEVEMENTS
        && (0..=MAX_ACHIEVEMENTS as i32).contains(&achievements.total)
        && achievements.total as usize >= unlocked.len()
        && (0..=MAX_MINUTES).contains(&achievements.fetched_minutes)
        && is_near(achievements.fetched_at)
        && unlocked.iter().all(|one| {
            text(&one.key)
                && text(&one.name)
                && maybe(one.description.as_deref())
                && one
                    .icon_url
                    .as_deref()
                    .is_none_or(|url| url.len() <= 1_000 && !url.contains('\0'))
                && one.unlocked_at.is_none_or(is_near)
                && one
                    .rarity_ppm
                    .is_none_or(|ppm| (0..=1_000_000).contains(&ppm))
        })
}

/// Whether a text is as the hub keeps it. An older hub kept what turns a line around, and wrote it
/// into its exports.
fn is_clean(text: &str, longest: usize) -> bool {
    let kept = text.chars().filter(|c| !turns(*c));
    kept.eq(clean(text, longest).chars())
}

pub(super) fn is_title(title: &str) -> bool {
    !clean(title, MAX_TITLE).is_empty()
        && title.chars().count() <= MAX_TITLE
        && is_clean(title, MAX_TITLE)
}

pub(super) fn is_platform(id: &str) -> bool {
    !id.is_empty() && clean(id, 40) == id && !id.contains('|') && id.to_lowercase() == id
}

pub(super) fn is_near(at: DateTime<Utc>) -> bool {
    (1950..=2100).contains(&at.year())
}
