//! Serves pictures: from the shelf, or fetched, made small and put there.
//!
//! One picture is fetched once, however many ask; a few are fetched at a time and fewer are drawn,
//! because a picture takes megabytes while it is. What is wrong with one is written down, so that
//! it is not fetched again and again.
//!
//! What somebody brought never lies on the shelf: it is theirs, and is gone from the hub in the
//! moment they take it back, in whichever process that is. It is drawn each time a client has none
//! yet, which is once for each: its address never changes.

use super::{
    CHOSEN, GUESS, OWN, WIDTHS,
    entity::Model,
    own,
    picture::Picture,
    store::{self, Fate},
    token::Addresses,
};
use bytes::Bytes;
use chrono::TimeDelta;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{
    Ports, Shelf,
    http::{Ask, Http},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// No picture is fetched that has more bytes.
const MOST_BYTES: usize = 5 * 1024 * 1024;
/// A host that takes longer is asked another time.
const TIMEOUT: Duration = Duration::from_secs(10);
/// So many are fetched at a time.
const FETCHING: usize = 6;
/// So many are drawn at a time.
const DRAWING: usize = 2;
/// Who waits longer for a turn is sent away.
const PATIENCE: Duration = Duration::from_secs(15);
/// So many others are tried in place of a picture that is not there.
const STAND_INS: usize = 3;

/// What the operator says about pictures.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where Steam's own pictures are, without a slash at the end; the product's number follows.
    pub steam: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            steam: "https://shared.akamai.steamstatic.com/store_item_assets/steam/apps".to_owned(),
        }
    }
}

/// A picture to send.
#[derive(Debug, Clone)]
pub struct Served {
    /// A JPEG file.
    pub file: Bytes,
    /// Whether it is the picture asked for, which never changes. Otherwise it stands in for it.
    pub itself: bool,
}

/// Why there is no picture to send.
#[derive(Debug, thiserror::Error)]
pub enum NotServed {
    /// No address the graph gave out, or nothing is there and nothing stands in.
    #[error("there is no such picture")]
    Unknown,
    /// Not one of the widths.
    #[error("not one of the widths")]
    Width,
    /// The host does not answer, or all hands are busy.
    #[error("the picture cannot be had just now")]
    Later,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

/// Serves the pictures of games.
#[derive(Clone)]
pub struct Gallery(Arc<Inner>);

struct Inner {
    ports: Ports,
    /// Asks only the hosts that providers name, and none of this house.
    outside: Arc<dyn Http>,
    shelf: Arc<dyn Shelf>,
    settings: Settings,
    addresses: Addresses,
    fetching: Semaphore,
    drawing: Arc<Semaphore>,
    /// Who is at which picture.
    at_work: Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>,
}

impl Gallery {
    /// Over these ports. `outside` must refuse every host that is not one of [`super::HOSTS`].
    pub fn new(
        ports: Ports,
        outside: Arc<dyn Http>,
        shelf: Arc<dyn Shelf>,
        settings: Settings,
    ) -> Self {
        Self(Arc::new(Inner {
            addresses: Addresses::new(&ports.keys),
            ports,
            outside,
            shelf,
            settings,
            fetching: Semaphore::new(FETCHING),
            drawing: Arc::new(Semaphore::new(DRAWING)),
            at_work: Mutex::default(),
        }))
    }

    /// Whether this could be the address of a picture; says nothing about whether there is one.
    pub fn is_ours(&self, token: &str) -> bool {
        self.0.addresses.picture(token).is_some()
    }

    /// The picture of a token, in one of [`WIDTHS`].
    pub async fn serve(&self, token: &str, width: u32) -> Result<Served, NotServed> {
        let id = self.0.addresses.picture(token).ok_or(NotServed::Unknown)?;
        if !WIDTHS.contains(&width) {
            return Err(NotServed::Width);
        }
        if let Some(file) = self.0.shelf.get(&name(id, Some(width))).await {
            return Ok(Served { file, itself: true });
        }
        let row = self.0.row(id).await?.ok_or(NotServed::Unknown)?;
        let trouble = match self.0.make(&row, width).await {
            Ok(file) => return Ok(Served { file, itself: true }),
            Err(NotServed::Internal(fault)) => return Err(fault.into()),
            Err(trouble) => trouble,
        };
        let others = store::stand_ins(self.0.ports.db.read(), row.game_id, row.role)
            .await
            .doing("loading other pictures")?;
        for other in others.iter().filter(|other| other.id != id).take(STAND_INS) {
            match self.0.make(other, width).await {
                Ok(file) => {
                    return Ok(Served {
                        file,
                        itself: false,
                    });
                }
                Err(NotServed::Internal(fault)) => return Err(fault.into()),
                Err(_) => {}
            }
        }
        Err(trouble)
    }
}

/// The name of a file on the shelf: the picture as it came, or in one width.
fn name(id: Uuid, width: Option<u32>) -> String {
    let id = id.simple();
    match width {
        Some(width) => format!("{id}-{width}.jpg"),
        None => format!("{id}.orig"),
    }
}

impl Inner {
    async fn row(&self, id: Uuid) -> Result<Option<Model>, Fault> {
        store::by_id(self.ports.db.read(), id)
            .await
            .doing("loading a picture")
    }

    /// Makes a width of a picture, alone: whoever asks for the same picture waits.
    async fn make(&self, row: &Model, width: u32) -> Result<Bytes, NotServed> {
        let id = row.id;
        let turn = {
            let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(at_work.entry(id).or_default())
        };
        let made = async {
            let _turn = tokio::time::timeout(PATIENCE, turn.lock())
                .await
                .map_err(|_| NotServed::Later)?;
            self.make_alone(id, width).await
        }
        .await;
        let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        // The map's and ours: nobody else waits.
        if Arc::strong_count(&turn) <= 2 {
            at_work.remove(&id);
        }
        made
    }

    async fn make_alone(&self, id: Uuid, width: u32) -> Result<Bytes, NotServed> {
        if let Some(file) = self.shelf.get(&name(id, Some(width))).await {
            return Ok(file);
        }
        // Whoever had the turn before may have found out what is wrong with it.
        let row = self.row(id).await?.ok_or(NotServed::Unknown)?;
        if row.gone {
            return Err(NotServed::Unknown);
        }
        let now = self.ports.clock.now();
        if row.retry_at.is_some_and(|until| until > now) {
            return Err(NotServed::Later);
        }
        let (original, fetched) = match self.shelf.get(&name(id, None)).await {
            Some(file) => (file, false),
            None => (self.fetch(&row).await?, true),
        };
        let Some(drawn) = self.draw(original.clone(), width).await? else {
            self.settle(id, Fate::Gone).await?;
            return Err(NotServed::Unknown);
        };
        if row.placeholder.is_none() || row.failures > 0 {
            let fate = Fate::Here {
                width: drawn.width,
                height: drawn.height,
                placeholder: drawn.placeholder,
            };
            self.settle(id, fate).await?;
        }
        if row.address.starts_with(OWN) {
            return Ok(drawn.file);
        }
        if fetched {
            self.shelf.put(&name(id, None), original).await;
        }
        self.shelf
            .put(&name(id, Some(width)), drawn.file.clone())
            .await;
        Ok(drawn.file)
    }

    async fn settle(&self, id: Uuid, fate: Fate) -> Result<(), Fault> {
        let txn = self.ports.db.begin().await.doing("settling a picture")?;
        store::settle(&txn, id, &fate)
            .await
            .doing("settling a picture")?;
        txn.commit().await.doing("settling a picture")
    }

    /// Fetches a picture as it is where a provider has it.
    async fn fetch(&self, row: &Model) -> Result<Bytes, NotServed> {
        if let Some(id) = row.address.strip_prefix(OWN) {
            let file = match Uuid::parse_str(id) {
                Ok(id) => own::file(self.ports.db.read(), id)
                    .await
                    .doing("loading a picture that somebody brought")?,
                Err(_) => None,
            };
            return file.map(Bytes::from).ok_or(NotServed::Unknown);
        }
        let turn = tokio::time::timeout(PATIENCE, self.fetching.acquire());
        let Ok(Ok(_turn)) = turn.await else {
            return Err(NotServed::Later);
        };
        let mut ask = Ask::get(self.address(row));
        ask.headers = vec![("accept", "image/jpeg,image/png,image/webp".to_owned())];
        ask.timeout = TIMEOUT;
        ask.max_bytes = MOST_BYTES;
        let answer = self.outside.send(ask).await;
        let fate = match &answer {
            Ok(answer) if answer.status == 200 && is_picture(&answer.content_type) => {
                return Ok(answer.body.clone());
            }
            // A web page under a picture's name, or none at all. Steam says 403 where it means 404.
            Ok(answer) if matches!(answer.status, 200 | 400 | 403 | 404 | 410) => Fate::Gone,
            Err(djinn_subgraph_kit::http::NoAnswer::TooLarge(_)) => Fate::Gone,
            _ => {
                let minutes = 1_i64 << row.failures.clamp(0, 10);
                Fate::Later(self.ports.clock.now() + TimeDelta::minutes(minutes))
            }
        };
        let gone = matches!(fate, Fate::Gone);
        self.settle(row.id, fate).await?;
        Err(if gone {
            NotServed::Unknown
        } else {
            NotServed::Later
        })
    }

    /// Where a picture is.
    fn address(&self, row: &Model) -> String {
        let address = row.address.strip_prefix(CHOSEN).unwrap_or(&row.address);
        address.strip_prefix(GUESS).map_or_else(
            || address.to_owned(),
            |path| format!("{}/{path}", self.settings.steam.trim_end_matches('/')),
        )
    }

    /// Draws a picture, off the threads that serve requests. `None`: it is none.
    async fn draw(&self, original: Bytes, width: u32) -> Result<Option<Drawn>, NotServed> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.drawing).acquire_owned());
        let Ok(Ok(turn)) = turn.await else {
            return Err(NotServed::Later);
        };
        let drawing = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let picture = Picture::read(&original)?;
            let small = picture.at_most(width);
            Ok::<_, super::picture::NoPicture>(Drawn {
                width: picture.width,
                height: picture.height,
                placeholder: small.placeholder(),
                file: small.write().into(),
            })
        });
        match drawing.await {
            Ok(Ok(drawn)) => Ok(Some(drawn)),
            Ok(Err(why)) => {
                tracing::info!(%why, "what a provider calls a picture is none");
                Ok(None)
            }
            // A decoder that panics has met a file that is none.
            Err(_) => Ok(None),
        }
    }
}

/// What was drawn.
struct Drawn {
    width: u32,
    height: u32,
    placeholder: String,
    file: Bytes,
}

fn is_picture(content_type: &str) -> bool {
    matches!(
        content_type,
        "image/jpeg" | "image/jpg" | "image/png" | "image/webp" | "application/octet-stream"
    )
}
