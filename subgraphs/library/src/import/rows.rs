//! The games of a file in portions, read on a thread of its own while those before are written: so
//! that no more of a file is in memory at a time than its text and two portions.

use super::{
    Flow, ImportError,
    row::{Rejected, Row},
    source::{Seen, Source},
};
use djinn_kernel::Fault;
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
    Again(usize, String),
    /// It cannot be taken over.
    Bad(Rejected),
}

enum Told {
    Portion(Vec<Item>),
    Refused(ImportError),
    End,
}

/// The games of a file.
pub struct Rows(mpsc::Receiver<Told>);

impl Rows {
    /// From the beginning. More games than `most` are counted, and refused at the end.
    pub fn of(source: Arc<Source>, most: usize) -> Self {
        let (sender, receiver) = mpsc::channel(1);
        tokio::task::spawn_blocking(move || {
            let told = match tell(&source, most, &sender) {
                Ok(()) => Told::End,
                Err(refused) => Told::Refused(refused),
            };
            // Nobody listens any more: then nobody needs to know.
            drop(sender.blocking_send(told));
        });
        Self(receiver)
    }

    /// The next portion; nothing after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<Item>>, ImportError> {
        match self.0.recv().await {
            Some(Told::Portion(items)) => Ok(Some(items)),
            Some(Told::End) => Ok(None),
            Some(Told::Refused(refused)) => Err(refused),
            // It panicked: what is missing must not be taken for the end.
            None => Err(Fault::new("reading an import: it broke off").into()),
        }
    }
}

fn tell(source: &Source, most: usize, sender: &mpsc::Sender<Told>) -> Result<(), ImportError> {
    let mut seen = Seen::default();
    let mut portion = Vec::with_capacity(PORTION);
    let mut count = 0;
    source
        .each(&mut |row| {
            count += 1;
            if count > most {
                return Flow::Continue(());
            }
            portion.push(match row {
                Err(rejected) => Item::Bad(rejected),
                Ok(row) if seen.first_time(&row) => Item::Row(Box::new(row)),
                Ok(row) => Item::Again(row.line, row.title),
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
        return Err(ImportError::TooMany {
            rows: count,
            limit: most,
        });
    }
    drop(sender.blocking_send(Told::Portion(portion)));
    Ok(())
}
