//! A person's word about a field: it stands above every provider's until it is taken back.

use super::{
    Dossier, Field, Findings, Source,
    entity::game,
    rating::{self, Rating},
    store, title,
};
use crate::{enrichment::retire::write_if_changed, matching};
use chrono::{Datelike, NaiveDate};
use djinn_kernel::{
    Board, Code, Doing, Esrb, Fault, Scope, Viewer,
    event::GameKind,
    ids::{GameId, InvalidId},
    viewer::Denied,
};
use djinn_subgraph_kit::{Ports, graph::Coded, outbox};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// No list is longer.
const MOST: usize = 50;
/// No item of a list is longer.
const LONGEST_ITEM: usize = 100;
/// No summary is longer.
const LONGEST_SUMMARY: usize = 2000;
/// No minutes are more: ten thousand hours.
const MOST_MINUTES: i32 = 600_000;

/// Why a correction was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// The id is not one.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// There is no such game, or the viewer does not have it, or may not see it.
    #[error("there is no such game")]
    NotFound,
    /// Not theirs to say.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The text is not a value of that field.
    #[error("{0}")]
    Invalid(&'static str),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for CorrectError {
    fn code(&self) -> Code {
        match self {
            Self::InvalidId(_) => Code::InvalidId,
            Self::NotFound => Code::NotFound,
            Self::Denied(denied) => denied.code(),
            Self::Invalid(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::InvalidId(_) | Self::NotFound => Some("input.id".to_owned()),
            Self::Invalid(_) => Some("input.value".to_owned()),
            Self::Denied(_) | Self::Internal(_) => None,
        }
    }
}

/// Sets `field` to what `value` says, or gives it back to the best source where there is none.
pub async fn correct(
    ports: &Ports,
    viewer: &Viewer,
    id: &str,
    field: Field,
    value: Option<&str>,
) -> Result<game::Model, CorrectError> {
    viewer.require(Scope::WriteLibrary)?;
    // A rating opens or closes a game for every family of this hub.
    if field == Field::AgeRatings {
        viewer.require(Scope::Admin)?;
    }
    let id = GameId::parse(id)?;
    let said = value.map(|text| read(field, text)).transpose()?;
    let now = ports.clock.now();
    let txn = ports.db.begin().await.doing("correcting a game")?;
    matching::store::lock(&txn, now)
        .await
        .doing("locking games")?;
    let before = store::dossiers(&txn, &[id.0])
        .await
        .doing("loading a game")?
        .remove(&id.0)
        .filter(|dossier| may_see(viewer, dossier))
        .ok_or(CorrectError::NotFound)?;
    if !may_change(&txn, viewer, id.0).await? {
        return Err(CorrectError::NotFound);
    }
    let mut dossier = before.clone();
    match said {
        Some(said) => {
            dossier.unlearn(Source::Person, field);
            dossier.learn(Source::Person, said, now);
        }
        None => dossier.unlearn(Source::Person, field),
    }
    dossier.settle();
    write_if_changed(ports, &txn, &before, dossier, now).await?;
    let after = store::games(&txn, &[id.0]).await.doing("loading a game")?;
    txn.commit().await.doing("correcting a game")?;
    ports.bus.poke(outbox::TOPIC);
    after.into_iter().next().ok_or(CorrectError::NotFound)
}

/// Whether what this viewer says of a game may count for everybody on the hub: their household has
/// it, or they run the hub. For anybody else it is as if there were no such game.
pub async fn may_change(
    conn: &impl ConnectionTrait,
    viewer: &Viewer,
    game: Uuid,
) -> Result<bool, Fault> {
    if viewer.require(Scope::Admin).is_ok() {
        return Ok(true);
    }
    let Some(identity) = viewer.identity() else {
        return Ok(false);
    };
    let held = matching::store::held_as(conn, identity.household.0, &[game])
        .await
        .doing("looking who has a game")?;
    Ok(!held.is_empty())
}

fn may_see(viewer: &Viewer, dossier: &Dossier) -> bool {
    viewer
        .family()
        .is_none_or(|family| family.allows(dossier.rated()))
}

/// Reads a person's text as a value of `field`.
fn read(field: Field, text: &str) -> Result<Findings, CorrectError> {
    let invalid = CorrectError::Invalid;
    let mut said = Findings::default();
    match field {
        Field::Title => {
            let text = fits(text, title::LONGEST, "a title has at most 512 characters")?;
            let title = title::clean(text);
            if title.is_empty() {
                return Err(invalid("a title has at least one character"));
            }
            said.title = Some(title);
        }
        Field::Kind => {
            said.kind = Some(match text.trim().to_ascii_uppercase().as_str() {
                "GAME" => GameKind::Game,
                "DLC" => GameKind::Dlc,
                "DEMO" => GameKind::Demo,
                "EXTRA" => GameKind::Extra,
                "TOOL" => GameKind::Tool,
                _ => return Err(invalid("a kind is GAME, DLC, DEMO, EXTRA or TOOL")),
            });
        }
        Field::ReleasedOn => {
            let (on, year) = date(text.trim()).ok_or(invalid(
                "a release is a day like 1998-11-08, or a year like 1998",
            ))?;
            (said.released_on, said.release_year) = (on, Some(year));
        }
        Field::Genres => said.genres = lines(text)?,
        Field::Tags => said.tags = lines(text)?,
        Field::Developers => said.developers = lines(text)?,
        Field::Publishers => said.publishers = lines(text)?,
        Field::Summary => {
            let limit = "a summary has at most 2000 characters";
            let text = fits(text, LONGEST_SUMMARY, limit)?;
            let summary = title::plain(text, LONGEST_SUMMARY);
            if summary.is_empty() {
                return Err(invalid("a summary has at least one character"));
            }
            said.summary = Some(summary);
        }
        Field::CriticScore => {
            let score = text.trim().parse().ok();
            said.critic_score = Some(
                score
                    .filter(|score| (0..=100).contains(score))
                    .ok_or(invalid("a score is a whole number from 0 to 100"))?,
            );
        }
        Field::MainStoryMinutes => {
            let minutes = text.trim().parse().ok();
            said.main_story_minutes = Some(
                minutes
                    .filter(|minutes| (1..=MOST_MINUTES).contains(minutes))
                    .ok_or(invalid("minutes are a whole number from 1 to 600000"))?,
            );
        }
        Field::AgeRatings => {
            let (board, rating) = rating_of(text).ok_or(invalid(
                "a rating is EC, E, E10+, T, M or AO, as the ESRB writes it, or a board's with its name before it, like USK 12",
            ))?;
            said.ratings.push(Rating {
                board: board.name().to_owned(),
                source: rating::PERSON.to_owned(),
                rating: rating.to_owned(),
                descriptors: Vec::new(),
            });
        }
        Field::TimeToBeat | Field::Art => return Err(invalid("this field cannot be corrected")),
    }
    Ok(said)
}

/// A rating as its board writes it; of the ESRB, where no board is named.
fn rating_of(text: &str) -> Option<(Board, &'static str)> {
    if let Some(level) = Esrb::parse(text) {
        return Some((Board::Esrb, rating::letters(level)));
    }
    let (name, rating) = text.trim().split_once(' ')?;
    let board = Board::named(rating::named(name)?)?;
    let word = rating::Word::read(board.name(), &rating::canonical(board.name(), rating))?;
    let level = board.levels().get(usize::from(word.on(board)))?;
    Some((board, level.name))
}

/// A day, or a year alone.
fn date(text: &str) -> Option<(Option<NaiveDate>, i32)> {
    let sensible = |year: &i32| (1950..2100).contains(year);
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some((Some(day), Some(day.year()).filter(sensible)?));
    }
    let year = text.parse().ok().filter(sensible)?;
    Some((None, year))
}

/// The text without spaces around it, where it is no longer than `longest`: what a person wrote is
/// never cut in silence.
fn fits<'t>(text: &'t str, longest: usize, limit: &'static str) -> Result<&'t str, CorrectError> {
    let text = text.trim();
    if text.chars().nth(longest).is_some() {
        return Err(CorrectError::Invalid(limit));
    }
    Ok(text)
}

/// A list, one item a line.
fn lines(text: &str) -> Result<Vec<String>, CorrectError> {
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        let limit = "a line of a list has at most 100 characters";
        let item = title::plain(fits(line, LONGEST_ITEM, limit)?, LONGEST_ITEM);
        if !item.is_empty() && !items.contains(&item) {
            items.push(item);
        }
    }
    match items.len() {
        0 => Err(CorrectError::Invalid("a list has at least one line")),
        n if n > MOST => Err(CorrectError::Invalid("a list has at most 50 lines")),
        _ => Ok(items),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_refused_by_its_limit_and_never_cut() {
        for (field, longest) in [
            (Field::Title, 512),
            (Field::Summary, 2000),
            (Field::Genres, 100),
            (Field::Publishers, 100),
        ] {
            let refused = read(field, &"ü".repeat(longest + 1)).expect_err("too long");
            assert!(refused.to_string().contains(&longest.to_string()));
            let said = read(field, &format!("  {}  ", "ü".repeat(longest))).expect("a value");
            let text = said.text(field).unwrap_or_default();
            assert_eq!(text.chars().count(), longest, "{field:?}");
        }
    }

    #[test]
    fn what_would_turn_the_line_around_is_left_out() {
        let said = read(Field::Title, "Half\u{202E}-Life\u{2066}").expect("a value");
        assert_eq!(said.title.as_deref(), Some("Half-Life"));
    }

    #[test]
    fn a_text_is_read_as_its_field_wants_it() {
        let said = |field, text| read(field, text).expect("a value");
        assert_eq!(
            said(Field::Genres, "Action\n\n Action \nPuzzle").genres,
            ["Action", "Puzzle"]
        );
        assert_eq!(said(Field::ReleasedOn, "1998").release_year, Some(1998));
        let day = said(Field::ReleasedOn, "1998-11-08");
        assert_eq!(
            (day.release_year, day.released_on.is_some()),
            (Some(1998), true)
        );
        for (text, board, rating) in [
            ("teen", "ESRB", "T"),
            ("ESRB m", "ESRB", "M"),
            ("usk 12", "USK", "12"),
            ("ACB MA15+", "ACB", "MA 15+"),
        ] {
            let said = said(Field::AgeRatings, text).ratings;
            assert_eq!((&*said[0].board, &*said[0].rating), (board, rating));
        }
        assert_eq!(
            said(Field::Title, "Half-Life®").title.as_deref(),
            Some("Half-Life")
        );
        for (field, nonsense) in [
            (Field::Title, " \0 "),
            (Field::Kind, "MOVIE"),
            (Field::ReleasedOn, "soon"),
            (Field::ReleasedOn, "99999"),
            (Field::Genres, "\n"),
            (Field::CriticScore, "101"),
            (Field::MainStoryMinutes, "-1"),
            (Field::AgeRatings, "RP"),
            (Field::AgeRatings, "USK 13"),
            (Field::AgeRatings, "BBFC 12"),
            (Field::Art, "https://elsewhere.example/cover.jpg"),
        ] {
            assert!(
                matches!(read(field, nonsense), Err(CorrectError::Invalid(_))),
                "{nonsense}"
            );
        }
    }
}
