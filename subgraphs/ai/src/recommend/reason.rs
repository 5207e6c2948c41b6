//! Why a game was picked, in words that name the person's own games.

use super::{
    Company, Wish,
    criteria::Understood,
    shelf::{FeatureKind, Shelf, Shelved, cosine, shared},
    taste::Taste,
    words::{listed, spoken},
};
use crate::taste::Status;

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What kind.
    pub kind: ReasonKind,
    /// The reason, as one sentence.
    pub text: String,
}

/// What a reason goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// A genre in common.
    Genre,
    /// A tag in common.
    Tag,
    /// The same developer.
    Developer,
    /// How long it takes.
    Length,
    /// What was asked for.
    Criteria,
    /// With whom it can be played.
    Company,
    /// What critics say.
    Critics,
    /// That it waits to be played.
    Unplayed,
}

impl ReasonKind {
    /// As it stands in an answer.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Genre => "genre",
            Self::Tag => "tag",
            Self::Developer => "developer",
            Self::Length => "length",
            Self::Criteria => "criteria",
            Self::Company => "company",
            Self::Critics => "critics",
            Self::Unplayed => "unplayed",
        }
    }
}

impl From<FeatureKind> for ReasonKind {
    fn from(kind: FeatureKind) -> Self {
        match kind {
            FeatureKind::Genre => Self::Genre,
            FeatureKind::Tag => Self::Tag,
            FeatureKind::Developer => Self::Developer,
        }
    }
}

/// Who is spoken to: playtime belongs to the household, and a child's is not told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// The owner of the household.
    You,
    /// A profile in it.
    Family,
}

impl Person {
    const fn subject(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Family => "your family",
        }
    }
}

/// Critics are quoted from here on.
const PRAISE: i16 = 80;
/// A main story of this length is worth a word on its own.
const SHORT: i32 = 300;
/// Nobody reads more.
const MOST: usize = 4;
/// Below this, resemblance is chance.
const ALIKE: f32 = 0.05;

/// The reasons for the game at `pick`.
pub fn why(
    taste: &Taste,
    shelf: &Shelf,
    understood: &Understood,
    pick: usize,
    wish: &Wish<'_>,
) -> Vec<Reason> {
    let person = wish.person;
    let game = &shelf.games()[pick];
    let mut reasons = Vec::new();
    reasons.extend(asked(shelf, understood, game));
    reasons.extend(together(wish.company, game));
    reasons.extend(length(understood, game));
    if taste.trust() > 0.0 {
        reasons.extend(liked(taste, shelf, pick, person));
        reasons.extend(critics(game));
    } else {
        reasons.push(cold(game));
    }
    reasons.truncate(MOST - 1);
    reasons.push(waiting(game, person));
    reasons
}

fn asked(shelf: &Shelf, understood: &Understood, game: &Shelved) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut named = Vec::new();
    let mut titled = Vec::new();
    for term in understood.terms.iter().filter(|term| term.fit(game) > 0.0) {
        match term.names(game) {
            Some((id, _)) => named.push(shelf.feature(id).name.as_str()),
            None => titled.push(term.said.as_str()),
        }
    }
    named.dedup();
    if !named.is_empty() {
        let text = format!("It fits what you asked for: {}.", listed(&named));
        reasons.push(Reason {
            kind: ReasonKind::Criteria,
            text,
        });
    }
    if !titled.is_empty() {
        let text = format!("What you asked for is in its title: {}.", listed(&titled));
        reasons.push(Reason {
            kind: ReasonKind::Criteria,
            text,
        });
    }
    if let Some(like) = understood.like.map(|like| &shelf.games()[like]) {
        let names = in_common(shelf, like, game, 2, |_| true);
        if !names.is_empty() {
            let text = format!(
                "It is like {}: they share {}.",
                like.held.facts.title,
                listed(&names)
            );
            reasons.push(Reason {
                kind: ReasonKind::Criteria,
                text,
            });
        }
    }
    reasons
}

/// With whom it can be played, when that was asked for and something says so.
fn together(company: Option<Company>, game: &Shelved) -> Option<Reason> {
    let mut names = company?.names(game);
    names.dedup();
    names.truncate(2);
    (!names.is_empty()).then(|| Reason {
        kind: ReasonKind::Company,
        text: format!("It fits the company you asked for: {}.", listed(&names)),
    })
}

fn length(understood: &Understood, game: &Shelved) -> Option<Reason> {
    let minutes = game
        .held
        .facts
        .main_story_minutes
        .filter(|minutes| *minutes > 0)?;
    let text = match understood.length {
        Some(length) if length.fit(Some(minutes)).is_some_and(|fit| fit >= 0.99) => {
            format!(
                "Its main story takes about {}, as long as you asked for.",
                spoken(minutes)
            )
        }
        Some(_) => format!("Its main story takes about {}.", spoken(minutes)),
        None if minutes <= SHORT => format!(
            "It is short: its main story takes about {}.",
            spoken(minutes)
        ),
        None => return None,
    };
    Some(Reason {
        kind: ReasonKind::Length,
        text,
    })
}

/// Names of what two games have in common, the most telling first.
fn in_common<'a>(
    shelf: &'a Shelf,
    a: &Shelved,
    b: &Shelved,
    most: usize,
    wanted: impl Fn(FeatureKind) -> bool,
) -> Vec<&'a str> {
    let mut common: Vec<_> = shared(&a.vector, &b.vector)
        .filter(|(id, _)| wanted(shelf.feature(*id).kind))
        .collect();
    common.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    common
        .into_iter()
        .take(most)
        .map(|(id, _)| shelf.feature(id).name.as_str())
        .collect()
}

/// What the household did with a game it liked.
fn history(game: &Shelved, person: Person) -> String {
    let (who, title, play) = (person.subject(), &game.held.facts.title, &game.held.play);
    match play.status {
        _ if play.minutes >= 30 => format!("{who} played {title} for {}", spoken(play.minutes)),
        Status::Completed => format!("{who} finished {title}"),
        _ => format!("{who} started {title}"),
    }
}

/// By the liked games it is most like: what it shares with one, and who made another.
fn liked(taste: &Taste, shelf: &Shelf, pick: usize, person: Person) -> Vec<Reason> {
    let game = &shelf.games()[pick];
    let mut near: Vec<_> = taste
        .anchors()
        .iter()
        .filter(|anchor| anchor.game != pick)
        .map(|anchor| {
            (
                anchor.game,
                cosine(&shelf.games()[anchor.game].vector, &game.vector),
                anchor.liking,
            )
        })
        .filter(|(_, alike, _)| *alike > ALIKE)
        .collect();
    near.sort_by(|a, b| {
        (b.1 * b.2.sqrt())
            .total_cmp(&(a.1 * a.2.sqrt()))
            .then(a.0.cmp(&b.0))
    });
    let mut reasons = Vec::new();
    let theme = |kind| kind != FeatureKind::Developer;
    let themed = near
        .iter()
        .map(|(i, ..)| &shelf.games()[*i])
        .find_map(|liked| {
            let names = in_common(shelf, liked, game, 2, theme);
            let first = shelf
                .features()
                .iter()
                .find(|feature| names.first() == Some(&feature.name.as_str()))?;
            let text = format!(
                "Because {}: they share {}.",
                history(liked, person),
                listed(&names)
            );
            Some(Reason {
                kind: first.kind.into(),
                text,
            })
        });
    reasons.extend(themed);
    let made = near
        .iter()
        .map(|(i, ..)| &shelf.games()[*i])
        .find_map(|liked| {
            let names = in_common(shelf, liked, game, 1, |kind| !theme(kind));
            let text = format!(
                "Because {}: {} made both.",
                history(liked, person),
                names.first()?
            );
            Some(Reason {
                kind: ReasonKind::Developer,
                text,
            })
        });
    reasons.extend(made);
    reasons
}

fn critics(game: &Shelved) -> Option<Reason> {
    let score = game
        .held
        .facts
        .critic_score
        .filter(|score| *score >= PRAISE)?;
    Some(Reason {
        kind: ReasonKind::Critics,
        text: format!("Critics gave it {score} out of 100."),
    })
}

/// Nothing has been played: say so.
fn cold(game: &Shelved) -> Reason {
    let why = "Nothing has been played yet, so your taste is not known";
    match game.held.facts.critic_score {
        Some(score) => Reason {
            kind: ReasonKind::Critics,
            text: format!(
                "{why}: this goes by the critics, who gave it {score} out of 100, and by variety."
            ),
        },
        None => Reason {
            kind: ReasonKind::Unplayed,
            text: format!("{why}, nor what critics say about this one: it is here for variety."),
        },
    }
}

/// That it is there and waits; every pick has this one.
fn waiting(game: &Shelved, person: Person) -> Reason {
    let (play, who) = (&game.held.play, person.subject());
    let text = match (play.status, play.minutes) {
        (Status::OnHold, ..30) => format!("It waits: {who} put it on hold."),
        (Status::OnHold, minutes) => {
            format!("It waits: {who} put it on hold after {}.", spoken(minutes))
        }
        (_, ..=0) => format!("It waits: {who} never started it."),
        (_, minutes) => format!("It waits: {who} played it for {} only.", spoken(minutes)),
    };
    Reason {
        kind: ReasonKind::Unplayed,
        text,
    }
}
