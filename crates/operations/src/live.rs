//! A catalogue that follows its folder, so that adding a tool is adding a file.

use crate::{
    Catalogue, Folder,
    folder::{self, Fingerprint},
};
use std::{collections::BTreeSet, io, sync::Arc, time::Duration};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often the folder is looked at. A tool is live within two seconds.
const LOOK: Duration = Duration::from_millis(500);

/// The catalogue as it is now, and news of its changes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    sender: Arc<watch::Sender<Arc<Catalogue>>>,
    follows: bool,
}

impl Live {
    /// A catalogue that never changes, as an installed hub has.
    pub fn fixed(catalogue: Catalogue) -> Self {
        Self {
            sender: Arc::new(watch::Sender::new(Arc::new(catalogue))),
            follows: false,
        }
    }

    /// A catalogue that whoever feeds it replaces, by [`Live::replace`].
    pub fn fed(catalogue: Catalogue) -> Self {
        Self {
            follows: true,
            ..Self::fixed(catalogue)
        }
    }

    /// A catalogue that follows `folder` while [`Live::follow`] runs. A built-in file stays where the
    /// one that stands in for it is bad.
    pub fn of_folder(folder: impl Into<Folder>, api_sdl: &str) -> io::Result<Self> {
        let catalogue = folder.into().first(api_sdl)?;
        Ok(Self::fed(catalogue))
    }

    /// The catalogue as it is now.
    pub fn now(&self) -> Arc<Catalogue> {
        Arc::clone(&self.sender.borrow())
    }

    /// Whether it may ever change.
    pub const fn follows(&self) -> bool {
        self.follows
    }

    /// Wakes at every change of the operations.
    pub fn changes(&self) -> watch::Receiver<Arc<Catalogue>> {
        self.sender.subscribe()
    }

    /// Puts another catalogue in place; nobody is woken when its operations are the same.
    pub fn replace(&self, catalogue: Catalogue) {
        self.sender.send_if_modified(|current| {
            let changed = current.operations != catalogue.operations;
            if **current != catalogue {
                *current = Arc::new(catalogue);
            }
            changed
        });
    }

    /// Looks at the folder twice a second until `stop`, and loads it again when a file's time or
    /// size has changed. A file that became bad keeps its last good operations; it is told when it is
    /// written, not with every other file, and not what was known at the start. What stands in for
    /// a built-in file is told: whoever keeps an old copy of all of them should know. That the folder
    /// cannot be read is told once, and again for another reason or after it could be.
    pub async fn follow(
        &self,
        folder: impl Into<Folder>,
        api_sdl: String,
        stop: CancellationToken,
    ) {
        let folder = folder.into();
        let mut seen: Option<Fingerprint> = None;
        let mut told = BTreeSet::new();
        let mut trouble = None;
        while stop
            .run_until_cancelled(tokio::time::sleep(LOOK))
            .await
            .is_some()
        {
            let before = self.now();
            let (place, sdl, last, known) = (
                folder.clone(),
                api_sdl.clone(),
                Arc::clone(&before),
                seen.clone(),
            );
            let looked = tokio::task::spawn_blocking(move || -> io::Result<_> {
                let print = folder::list(&place.path)?;
                if known.as_ref() == Some(&print) {
                    return Ok(None);
                }
                let (catalogue, replaced) = place.load(&sdl)?;
                Ok(Some((print, catalogue.keeping(&last), replaced)))
            })
            .await;
            let looked = match looked {
                Ok(Ok(looked)) => {
                    trouble = None;
                    looked
                }
                Ok(Err(error)) => {
                    let why = Some(error.to_string());
                    if trouble != why {
                        tracing::warn!(%error, "the operations folder cannot be read");
                        trouble = why;
                    }
                    None
                }
                Err(error) => {
                    tracing::warn!(%error, "looking at the operations folder broke");
                    None
                }
            };
            let Some((print, catalogue, replaced)) = looked else {
                continue;
            };
            for file in replaced.difference(&told) {
                tracing::warn!(file, "stands in for the operation file that is built in");
            }
            told = replaced;
            for problem in &catalogue.problems {
                let file = folder.path.join(&problem.file);
                let same = seen.as_ref().is_none_or(|seen| {
                    let mut now = print.iter().filter(|(path, _, _)| *path == file);
                    now.all(|one| seen.contains(one))
                });
                if !same || !before.problems.contains(problem) {
                    tracing::warn!(%problem, "an operation file was left out");
                }
            }
            seen = Some(print);
            self.replace(catalogue);
        }
    }
}
