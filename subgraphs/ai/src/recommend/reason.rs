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
    /// Which sentence it is, whatever stands in it: whoever says it in another language goes by
    /// this and by what stands in it.
    pub code: String,
    /// The reason, as one sentence.
    pub text: String,
    /// The other game in it.
    pub title: Option<String>,
    /// The names in it: genres, tags, who made both.
    pub names: Vec<String>,
    /// The time in it.
    pub minutes: Option<i32>,
    /// The score in it, of 100.
    pub score: Option<i32>,
}

impl Reason {
    /// A sentence in which nothing is left open.
    pub fn new(kind: ReasonKind, code: impl Into<String>, text: String) -> Self {
        Self {
            kind,
            code: code.into(),
            text,
            title: None,
            names: Vec::new(),
            minutes: None,
            score: None,
        }
    }

    /// With these names in it.
    #[must_use]
    pub fn naming(mut self, names: &[&str]) -> Self {
        self.names = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// With a time in it.
    fn taking(mut self, minutes: i32) -> Self {
        self.minutes = Some(minutes);
        self
    }

    fn scored(mut self, score: i16) -> Self {
        self.score = Some(score.into());
        self
    }
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
    const fn owner(self) -> &'static str {
        match self {
            Self::You => "yours",
            Self::Family => "your family",
        }
    }

    const fn subject(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Family => "your family",
        }
    }

    /// As it stands in a code.
    const fn code(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Family => "family",
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
        let reason = Reason::new(ReasonKind::Criteria, "asked.fits", text);
        reasons.push(reason.naming(&named));
    }
    if !titled.is_empty() {
        let text = format!("What you asked for is in its title: {}.", listed(&titled));
        let reason = Reason::new(ReasonKind::Criteria, "asked.titled", text);
        reasons.push(reason.naming(&titled));
    }
    if let Some(like) = understood.like.map(|like| &shelf.games()[like]) {
        let names = in_common(shelf, like, game, 2, |_| true);
        if !names.is_empty() {
            let title = &like.held.facts.title;
            let text = format!("It is like {title}: they share {}.", listed(&names));
            let reason = Reason::new(ReasonKind::Criteria, "asked.like", text);
            reasons.push(Reason {
                title: Some(title.clone()),
                ..reason.naming(&names)
            });
        }
    }
    if understood.missed {
        // Without its words: nobody is told which of them a game above their ceiling would know.
        let text = "A wish of yours was not understood: this does not go by it.";
        let reason = Reason::new(ReasonKind::Criteria, "asked.missed", text.to_owned());
        reasons.push(reason);
    }
    reasons
}

/// With whom it can be played, when that was asked for and something says so.
fn together(company: Option<Company>, game: &Shelved) -> Option<Reason> {
    let mut names = company?.names(game);
    names.dedup();
    names.truncate(2);
    (!names.is_empty()).then(|| {
        let text = format!("It fits the company you asked for: {}.", listed(&names));
        Reason::new(ReasonKind::Company, "company", text).naming(&names)
    })
}

fn length(understood: &Understood, game: &Shelved) -> Option<Reason> {
    let minutes = game
        .held
        .facts
        .main_story_minutes
        .filter(|minutes| *minutes > 0)?;
    let time = spoken(minutes);
    let (code, text) = match understood.length {
        Some(length) if length.fit(Some(minutes)).is_some_and(|fit| fit >= 0.99) => (
            "length.asked",
            format!("Its main story takes about {time}, as long as you asked for."),
        ),
        Some(_) => (
            "length.about",
            format!("Its main story takes about {time}."),
        ),
        None if minutes <= SHORT => (
            "length.short",
            format!("It is short: its main story takes about {time}."),
        ),
        None => return None,
    };
    Some(Reason::new(ReasonKind::Length, code, text).taking(minutes))
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

/// What the household did with a game it liked: how the code says it, and the words.
fn history(game: &Shelved, person: Person) -> (&'static str, String) {
    let (who, title, play) = (person.subject(), &game.held.facts.title, &game.held.play);
    match play.status {
        _ if play.rating.is_some_and(|rating| rating >= PRAISE) => {
            let rating = play.rating.unwrap_or_default();
            ("rated", format!("{who} rated {title} {rating} out of 100"))
        }
        _ if play.favourite => (
            "favourite",
            format!("{title} is a favourite of {}", person.owner()),
        ),
        _ if play.minutes >= 30 => (
            "played",
            format!("{who} played {title} for {}", spoken(play.minutes)),
        ),
        Status::Completed => ("finished", format!("{who} finished {title}")),
        _ => ("started", format!("{who} started {title}")),
    }
}

/// A reason that goes by a game the household liked.
fn because(
    kind: ReasonKind,
    code: &str,
    (liked, person): (&Shelved, Person),
    names: &[&str],
    rest: &str,
) -> Reason {
    let (how, done) = history(liked, person);
    let play = &liked.held.play;
    Reason {
        title: Some(liked.held.facts.title.clone()),
        minutes: (how == "played").then_some(play.minutes),
        score: play.rating.filter(|_| how == "rated").map(i32::from),
        ..Reason::new(
            kind,
            format!("{code}.{how}.{}", person.code()),
            format!("Because {done}: {rest}."),
        )
        .naming(names)
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
            let rest = format!("they share {}", listed(&names));
            let kind = first.kind.into();
            Some(because(kind, "shares", (liked, person), &names, &rest))
        });
    reasons.extend(themed);
    let made = near
        .iter()
        .map(|(i, ..)| &shelf.games()[*i])
        .find_map(|liked| {
            let names = in_common(shelf, liked, game, 1, |kind| !theme(kind));
            let rest = format!("{} made both", names.first()?);
            let kind = ReasonKind::Developer;
            Some(because(kind, "made", (liked, person), &names, &rest))
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
    let text = format!("Critics gave it {score} out of 100.");
    Some(Reason::new(ReasonKind::Critics, "critics", text).scored(score))
}

/// Nothing has been played: say so.
fn cold(game: &Shelved) -> Reason {
    let why = "Nothing has been played yet, so your taste is not known";
    match game.held.facts.critic_score {
        Some(score) => {
            let text = format!(
                "{why}: this goes by the critics, who gave it {score} out of 100, and by variety."
            );
            Reason::new(ReasonKind::Critics, "cold.critics", text).scored(score)
        }
        None => {
            let text =
                format!("{why}, nor what critics say about this one: it is here for variety.");
            Reason::new(ReasonKind::Unplayed, "cold.variety", text)
        }
    }
}

/// That it is there and waits; every pick has this one.
fn waiting(game: &Shelved, person: Person) -> Reason {
    let (play, who) = (&game.held.play, person.subject());
    let time = spoken(play.minutes);
    let (code, text) = match (play.status, play.minutes) {
        (Status::OnHold, ..30) => ("hold.begun", format!("It waits: {who} put it on hold.")),
        (Status::OnHold, _) => (
            "hold.after",
            format!("It waits: {who} put it on hold after {time}."),
        ),
        // A mark says more than minutes, which few stores count.
        (Status::Playing, ..=0) => (
            "goesOn.said",
            format!("It goes on: {who} said that it is being played."),
        ),
        (Status::Playing, _) => (
            "goesOn.played",
            format!("It goes on: {who} played it for {time} so far."),
        ),
        (_, ..=0) => ("waits.never", format!("It waits: {who} never started it.")),
        _ => (
            "waits.only",
            format!("It waits: {who} played it for {time} only."),
        ),
    };
    let timed = matches!(code, "hold.after" | "goesOn.played" | "waits.only");
    Reason {
        minutes: timed.then_some(play.minutes),
        ..Reason::new(
            ReasonKind::Unplayed,
            format!("{code}.{}", person.code()),
            text,
        )
    }
}
