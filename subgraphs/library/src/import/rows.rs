//! The games of a file in portions, read on a thread of its own while those before are written: so
//! that no more of a file is in memory at a time than its text and two portions.

use super::{
    Column, Flow, ImportError, Malformed, Reason, place,
    row::{Rejected, Row},
    source::{Seen, Source},
};
use crate::status::own::Own;
use djinn_kernel::{Fault, Scope, viewer::Identity};
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many games are in a portion: as many as one statement takes.
const PORTION: usize = 500;

/// What is told of one game.
#[derive(Debug, Clone)]
pub enum Item {
    /// It can be taken over.
    Row(Box<Row>),
    /// It is in the file a second time.
    Again(Repeated),
    /// It cannot be taken over.
    Bad(Rejected),
}

/// A game that repeats one before it.
#[derive(Debug, Clone)]
pub struct Repeated {
    /// Its title.
    pub title: String,
    /// Where it is, by what it is the same, and which line it repeats.
    pub why: Malformed,
}

impl Repeated {
    fn of(row: Row, first: usize) -> Self {
        let with_id = row.incoming.is_some_and(|copy| copy.store_id.is_some());
        let same = if with_id {
            Column::StoreId
        } else {
            Column::Title
        };
        Self {
            title: row.title,
            why: Malformed {
                line: row.line,
                column: 1,
                name: Some(same.name().to_owned()),
                what: Reason::Again(first),
            },
        }
    }
}

enum Told {
    Portion(Vec<Item>),
    Refused(ImportError),
    End,
}

/// The games of a file.
pub struct Rows {
    told: mpsc::Receiver<Told>,
    by_admin: bool,
}

impl Rows {
    /// From the beginning, for a household that has these statuses of its own. With more games than
    /// `most` it is refused, and not read further.
    pub fn of(source: Arc<Source>, own: Arc<[Own]>, most: usize) -> Self {
        let (sender, receiver) = mpsc::channel(1);
        tokio::task::spawn_blocking(move || {
            let told = match tell(&source, &own, most, &sender) {
                Ok(()) => Told::End,
                Err(refused) => Told::Refused(refused),
            };
            // Nobody listens any more: then nobody needs to know.
            drop(sender.blocking_send(told));
        });
        Self {
            told: receiver,
            by_admin: false,
        }
    }

    /// The same, brought by `who`: the ratings of a file, and those of the products it names, open
    /// games to children only if whoever runs the hub brings it.
    pub fn brought_by(mut self, who: &Identity) -> Self {
        self.by_admin = who.scopes.contains(&Scope::Admin);
        self
    }

    /// The next portion; nothing after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<Item>>, ImportError> {
        match self.told.recv().await {
            Some(Told::Portion(mut items)) => {
                self.vouch(&mut items);
                Ok(Some(items))
            }
            Some(Told::End) => Ok(None),
            Some(Told::Refused(refused)) => Err(refused),
            // It panicked: what is missing must not be taken for the end.
            None => Err(Fault::new("reading an import: it broke off").into()),
        }
    }

    fn vouch(&self, items: &mut [Item]) {
        for item in items {
            let Item::Row(row) = item else {
                continue;
            };
            let Some(copy) = row.incoming.as_mut() else {
                continue;
            };
            copy.vouched = self.by_admin;
            if let Some(hints) = &mut copy.hints {
                let rated = hints.esrb.is_some() || !hints.boards.is_empty();
                hints.by_admin = self.by_admin && rated;
            }
        }
    }
}

fn tell(
    source: &Source,
    own: &[Own],
    most: usize,
    sender: &mpsc::Sender<Told>,
) -> Result<(), ImportError> {
    let mut seen = Seen::default();
    let mut portion = Vec::with_capacity(PORTION);
    let mut count = 0;
    source
        .each(own, &mut |row| {
            count += 1;
            if count > most {
                return Flow::Break(());
            }
            portion.push(match row {
                Err(rejected) => Item::Bad(rejected),
                Ok(row) => match seen.before(&row) {
                    None => Item::Row(Box::new(row)),
                    Some(first) => Item::Again(Repeated::of(row, first)),
                },
            });
            if portion.len() < PORTION {
                return Flow::Continue(());
            }
            let full = std::mem::replace(&mut portion, Vec::with_capacity(PORTION));
            match sender.blocking_send(Told::Portion(full)) {
                Ok(()) => Flow::Continue(()),
                Err(_) => Flow::Break(()),
            }
        })
        .map_err(ImportError::Malformed)?;
    if count > most {
        return Err(ImportError::TooMany { limit: most });
    }
    // Our own file brings more than games.
    if count == 0 && source.frame.is_none() {
        let what = source.format.without_games();
        return Err(ImportError::Malformed(place::whole(what)));
    }
    drop(sender.blocking_send(Told::Portion(portion)));
    Ok(())
}
