//! All shared content, kept in memory by its revision.

use super::{
    asset::{self, Asset},
    flag::{self, Flag},
    rev,
    text::{self, Texts},
    theme::{self, Theme},
    ui::{self, Version},
};
use djinn_kernel::Fault;
use djinn_subgraph_kit::Ports;
use sea_orm::ConnectionTrait;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// All shared content as it was at one revision.
#[derive(Debug)]
pub struct Catalogue {
    /// The revision.
    pub rev: i64,
    /// Switches by key.
    pub flags: BTreeMap<String, Arc<Flag>>,
    /// Themes: the hub's own, then those that were made here, by name.
    pub themes: Vec<Arc<Theme>>,
    /// Texts by language and key.
    pub texts: Texts,
    /// Pictures by name.
    pub assets: BTreeMap<String, Arc<Asset>>,
    /// The newest version of what the interface is made of.
    pub ui: Version,
}

impl Catalogue {
    /// The theme of that id.
    pub fn theme(&self, id: &str) -> Option<&Arc<Theme>> {
        self.themes.iter().find(|theme| theme.id == id)
    }
}

/// Reads it all; `rev` is the revision it is at least of.
pub async fn load(conn: &impl ConnectionTrait, rev: i64) -> Result<Catalogue, Fault> {
    let flags = flag::store::all(conn).await?;
    Ok(Catalogue {
        rev,
        flags: flags
            .into_iter()
            .map(|(key, flag)| (key, Arc::new(flag)))
            .collect(),
        themes: theme::store::all(conn).await?,
        texts: text::store::all(conn).await?,
        assets: asset::store::all(conn).await?,
        ui: ui::store::newest(conn).await?,
    })
}

/// The use cases of content; each noun adds its own.
#[derive(Clone)]
pub struct Content {
    ports: Ports,
    kept: Arc<Mutex<Option<Arc<Catalogue>>>>,
}

impl Content {
    /// With the world it may touch.
    pub fn new(ports: Ports) -> Self {
        Self {
            ports,
            kept: Arc::default(),
        }
    }

    /// The world it may touch.
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Everything, as new as the database: what is kept is used only while nothing has changed,
    /// here or in another process.
    pub async fn catalogue(&self) -> Result<Arc<Catalogue>, Fault> {
        let conn = self.ports.db.read();
        let rev = rev::read(conn).await?.shared();
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(kept) = kept.filter(|kept| kept.rev == rev) {
            return Ok(kept);
        }
        // What changes while this reads is read under the older number, and so read again.
        let fresh = Arc::new(load(conn, rev).await?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some(Arc::clone(&fresh));
        drop(kept);
        Ok(fresh)
    }
}
