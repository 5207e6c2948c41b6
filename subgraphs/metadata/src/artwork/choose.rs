//! A person chooses a picture: one that is offered, one from an address, or a file of their own. It
//! is a correction like any other: no provider changes it until it is taken back.

use super::{CHOSEN, OWN, Role, own, picture::Picture, store};
use crate::{
    enrichment::retire::write_if_changed,
    game::{self, Dossier, Field, Findings, Source, correct::may_change, entity},
    matching,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use djinn_kernel::{
    Code, Doing, Fault, Scope, Viewer,
    ids::{GameId, InvalidId},
    viewer::Denied,
};
use djinn_subgraph_kit::{
    Ports,
    graph::Coded,
    http::{Ask, NoAnswer},
    outbox,
};
use std::time::Duration;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// No picture that somebody brings has more bytes.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// It is kept no wider than this.
const WIDEST: u32 = 1920;
/// So many are kept: some hundred megabytes, in the worst case.
pub const MOST: u64 = 1_000;
/// An address that is longer is none.
const LONGEST_URL: usize = 2000;
/// A host that takes longer has no picture.
const TIMEOUT: Duration = Duration::from_secs(10);
/// So many are brought at a time; each takes megabytes while it is fetched and drawn.
static BRINGING: Semaphore = Semaphore::const_new(2);
/// Who waits longer for a turn is sent away.
const PATIENCE: Duration = Duration::from_secs(15);

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// Nothing: the providers' order holds again.
    Back,
    /// One that is offered, by its id.
    Offered(String),
    /// One at an address.
    At(String),
    /// A file, as Base64.
    File(String),
}

/// Why nothing was chosen.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    /// The id is not one.
    #[error("{1}")]
    Id(&'static str, InvalidId),
    /// There is no such game, or the viewer does not have it, or may not see it.
    #[error("there is no such game")]
    NoGame,
    /// Not theirs to say.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It is not one of those offered.
    #[error("no such picture is offered for that game; ask for its pictureChoices")]
    NotOffered,
    /// More than one way at once.
    #[error("a picture is given by choice, url or content, by one of the three")]
    Either,
    /// The address is not one that is asked.
    #[error(
        "an address begins with https:// and a host's name, and has at most {LONGEST_URL} characters"
    )]
    Address,
    /// Nobody answered there.
    #[error("nothing could be fetched from that address: {0}")]
    NoAnswer(String),
    /// Not Base64.
    #[error("the file's content is sent as Base64")]
    Base64,
    /// Too large.
    #[error("a picture has at most 5 MiB")]
    TooLarge(&'static str),
    /// Not a picture.
    #[error("this is no picture that can be shown: {1}")]
    NoPicture(&'static str, super::picture::NoPicture),
    /// Others are at it.
    #[error("others are bringing pictures just now; try again in a moment")]
    Busy,
    /// As many as there may be.
    #[error("a hub keeps at most {MOST} pictures that people brought; take one back first")]
    TooMany,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for ChooseError {
    fn code(&self) -> Code {
        match self {
            Self::Id(..) => Code::InvalidId,
            Self::NoGame | Self::NotOffered => Code::NotFound,
            Self::Denied(denied) => denied.code(),
            Self::TooMany => Code::LimitExceeded,
            Self::Busy => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
            _ => Code::InvalidInput,
        }
    }

    fn field(&self) -> Option<String> {
        let at = match self {
            Self::Id(at, _) | Self::TooLarge(at) | Self::NoPicture(at, _) => at,
            Self::NoGame => "input.gameId",
            Self::NotOffered => "input.choice",
            Self::Either => "input",
            Self::Address | Self::NoAnswer(_) => "input.url",
            Self::Base64 => "input.content",
            Self::TooMany | Self::Busy | Self::Denied(_) | Self::Internal(_) => return None,
        };
        Some(at.to_owned())
    }
}

/// Makes `choice` the picture of a game for `role`.
pub async fn choose(
    ports: &Ports,
    viewer: &Viewer,
    id: &str,
    role: Role,
    choice: Choice,
) -> Result<entity::game::Model, ChooseError> {
    viewer.require(Scope::WriteLibrary)?;
    let id = GameId::parse(id)
        .map_err(|error| ChooseError::Id("input.gameId", error))?
        .0;
    // Nobody is asked for a picture of a game that the viewer does not know.
    let games = game::store::games(ports.db.read(), &[id]).await;
    let games = games.doing("loading a game")?;
    let known = games.iter().any(|game| allowed(viewer, game));
    if !known || !may_change(ports.db.read(), viewer, id).await? {
        return Err(ChooseError::NoGame);
    }
    let brought = bring(ports, &choice).await?;
    let now = ports.clock.now();
    let doing = "choosing a picture";
    let txn = ports.db.begin().await.doing(doing)?;
    matching::store::lock(&txn, now)
        .await
        .doing("locking games")?;
    let before = game::store::dossiers(&txn, &[id])
        .await
        .doing("loading a game")?
        .remove(&id)
        .filter(|dossier| allowed(viewer, &dossier.game))
        .ok_or(ChooseError::NoGame)?;
    let address = match (&choice, brought) {
        (Choice::Offered(picture), _) => {
            let picture = Uuid::parse_str(picture).map_err(|_| ChooseError::NotOffered)?;
            let row = store::by_id(&txn, picture).await.doing(doing)?;
            let row = row
                .filter(|row| row.game_id == id && row.role == role as i16 && !row.gone)
                .ok_or(ChooseError::NotOffered)?;
            // What was chosen already stays.
            let own = row.source == Source::Person.as_str();
            Some(if own {
                row.address
            } else {
                format!("{CHOSEN}{}", row.address)
            })
        }
        (_, Some(file)) => {
            if own::count(&txn).await.doing(doing)? >= MOST {
                return Err(ChooseError::TooMany);
            }
            let picture = ports.ids.new_id();
            own::keep(&txn, picture, file, now).await.doing(doing)?;
            Some(format!("{OWN}{picture}"))
        }
        (_, None) => None,
    };
    let mut dossier = before.clone();
    let was = say(&mut dossier, role, address.clone(), now);
    let dropped = was.filter(|was| Some(was) != address.as_ref());
    if let Some(own) = dropped.as_deref().and_then(|was| was.strip_prefix(OWN)) {
        let own = Uuid::parse_str(own).doing(doing)?;
        own::drop(&txn, own).await.doing(doing)?;
    }
    dossier.settle();
    write_if_changed(ports, &txn, &before, dossier, now).await?;
    let after = game::store::games(&txn, &[id]).await.doing(doing)?;
    txn.commit().await.doing(doing)?;
    ports.bus.poke(outbox::TOPIC);
    after.into_iter().next().ok_or(ChooseError::NoGame)
}

/// The file of a picture that is not on offer.
async fn bring(ports: &Ports, choice: &Choice) -> Result<Option<Vec<u8>>, ChooseError> {
    if matches!(choice, Choice::Back | Choice::Offered(_)) {
        return Ok(None);
    }
    let turn = tokio::time::timeout(PATIENCE, BRINGING.acquire());
    let Ok(Ok(_turn)) = turn.await else {
        return Err(ChooseError::Busy);
    };
    let drawn = match choice {
        Choice::Back | Choice::Offered(_) => return Ok(None),
        Choice::At(url) => draw("input.url", fetch(ports, url).await?).await?,
        Choice::File(content) => draw("input.content", decode(content)?).await?,
    };
    Ok(Some(drawn))
}

fn allowed(viewer: &Viewer, game: &entity::game::Model) -> bool {
    let family = viewer.family();
    family.is_none_or(|family| family.allows(game.rated()))
}

/// Puts a person's word about one role in place of the one before, which is returned.
fn say(
    dossier: &mut Dossier,
    role: Role,
    address: Option<String>,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<String> {
    let said = dossier.said.get(&Source::Person);
    let mut said = said.map(|said| said.findings.clone()).unwrap_or_default();
    let mut arts = Findings::default();
    arts.take(&mut said, Field::Art);
    let place = match role {
        Role::Cover => &mut arts.cover_art,
        Role::Header => &mut arts.header_art,
        Role::Hero => &mut arts.hero_art,
        // Screenshots are many, and nobody chooses among them.
        Role::Screenshot => return None,
    };
    let was = std::mem::replace(place, address);
    dossier.unlearn(Source::Person, Field::Art);
    if arts.says(Field::Art) {
        dossier.learn(Source::Person, arts, now);
    }
    was
}

/// Fetches what somebody says is a picture; only of the public internet.
async fn fetch(ports: &Ports, url: &str) -> Result<Vec<u8>, ChooseError> {
    let plain = url.bytes().all(|c| c.is_ascii_graphic());
    if !plain || url.len() > LONGEST_URL || !url.starts_with("https://") {
        return Err(ChooseError::Address);
    }
    let mut ask = Ask::get(url.to_owned());
    ask.headers = vec![("accept", "image/jpeg,image/png,image/webp".to_owned())];
    ask.timeout = TIMEOUT;
    ask.max_bytes = MOST_BYTES;
    match ports.outside.send(ask).await {
        Ok(answer) if answer.status == 200 => Ok(answer.body.to_vec()),
        Ok(answer) => Err(ChooseError::NoAnswer(format!("status {}", answer.status))),
        Err(NoAnswer::TooLarge(_)) => Err(ChooseError::TooLarge("input.url")),
        Err(error) => Err(ChooseError::NoAnswer(error.to_string())),
    }
}

fn decode(content: &str) -> Result<Vec<u8>, ChooseError> {
    if content.len() > MOST_BYTES.div_ceil(3) * 4 {
        return Err(ChooseError::TooLarge("input.content"));
    }
    STANDARD.decode(content).map_err(|_| ChooseError::Base64)
}

/// Draws a picture anew: nothing of a stranger's bytes is kept.
async fn draw(at: &'static str, file: Vec<u8>) -> Result<Vec<u8>, ChooseError> {
    let drawn = tokio::task::spawn_blocking(move || {
        let picture = Picture::read(&file)?;
        Ok(picture.at_most(WIDEST).write())
    });
    // A decoder that panics has met a file that is none.
    drawn
        .await
        .unwrap_or(Err(super::picture::NoPicture::Broken))
        .map_err(|why| ChooseError::NoPicture(at, why))
}
