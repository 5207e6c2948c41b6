//! What would become of the games of a file: told without a word being written.

use super::{
    ImportError, Imports, Malformed, Report, restore,
    rows::{Item, Rows},
    source::Source,
    statuses::Named,
};
use crate::{
    account::{self, entity::account as accounts},
    copy::{
        self,
        upsert::{self, Fate, Incoming, Shelf, Source as Whose},
    },
    status::own,
};
use djinn_kernel::{Fault, viewer::Identity};
use sea_orm::ConnectionTrait;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// What is said to happen to a game.
pub(super) const fn action(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "add",
        Fate::Updated => "update",
        Fate::Unchanged => "unchanged",
    }
}

/// What would happen to a game of a file.
pub(super) struct Fated {
    /// The line it begins on.
    pub line: usize,
    /// Its title.
    pub title: String,
    /// What would become of it.
    pub action: &'static str,
    /// The id of the status that the file says.
    pub status: Option<String>,
    /// More, for somebody who looks at it.
    pub seen: Option<Seen>,
}

impl Fated {
    const fn skip(line: usize, title: String) -> Self {
        Self {
            line,
            title,
            action: "skip",
            status: None,
            seen: None,
        }
    }
}

/// What a preview knows of a game beside its fate.
pub(super) enum Seen {
    /// Why it cannot be read.
    Rejected(Malformed),
    /// The copy there is, and what the file says.
    Differs(Box<(copy::entity::Model, Incoming)>),
}

impl Imports {
    /// Says what an import would do, in sums. Changes nothing.
    pub(super) async fn dry_run(
        &self,
        who: &Identity,
        label: &str,
        source: &Arc<Source>,
        leave_out_rejected: bool,
    ) -> Result<Report, ImportError> {
        let household = who.household.0;
        let db = self.ports.db.read();
        let shelves = self.known(household, label, source).await?;
        let mut report = Report::default();
        // In one go: a status that the household does not have yet is of no copy of its own.
        let own = own::store::of(db, household).await?;
        let mut named = Named::of(source.frame.as_ref());
        let mut rows =
            Rows::of(Arc::clone(source), own.into(), self.limits.import_rows).brought_by(who);
        while let Some(items) = rows.next().await? {
            named.note_items(&items, leave_out_rejected)?;
            for fated in self.fates(db, &shelves, items).await? {
                report.count(fated.line, fated.title, fated.action);
            }
        }
        report.new_statuses = self.lacking(household, named).await?;
        report.libraries = shelves
            .into_iter()
            .filter_map(|(shelf, known)| known.then_some(shelf))
            .collect();
        Ok(report)
    }

    /// The shelves of a file as they are or would be, and whether they are there.
    pub(super) async fn known(
        &self,
        household: Uuid,
        label: &str,
        source: &Source,
    ) -> Result<Vec<(accounts::Model, bool)>, Fault> {
        let db = self.ports.db.read();
        let mut shelves = Vec::new();
        for wanted in self.wanted(household, label, source) {
            let (platform, key) = (&wanted.platform, &wanted.account_key);
            let there = account::store::by_key(db, household, platform, key).await?;
            let known = there.is_some();
            shelves.push((there.unwrap_or(wanted), known));
        }
        Ok(shelves)
    }

    /// The shelves of a file as they would be made.
    pub(super) fn wanted(
        &self,
        household: Uuid,
        label: &str,
        source: &Source,
    ) -> Vec<accounts::Model> {
        match &source.frame {
            Some(frame) => frame
                .libraries
                .iter()
                .map(|library| restore::account(&self.ports, household, library))
                .collect(),
            None => vec![account::shelf(&self.ports, household, label)],
        }
    }

    /// What would happen to these games, with the copy there is and what is said of it.
    pub(super) async fn fates(
        &self,
        conn: &impl ConnectionTrait,
        shelves: &[(accounts::Model, bool)],
        items: Vec<Item>,
    ) -> Result<Vec<Fated>, Fault> {
        let mut fates = Vec::with_capacity(items.len());
        let mut of: HashMap<usize, Vec<(usize, Incoming)>> = HashMap::new();
        for item in items {
            let at = fates.len();
            match item {
                Item::Again(line, title) => fates.push(Fated::skip(line, title)),
                Item::Bad(rejected) => {
                    let (line, title) = (rejected.why.line, rejected.title.clone());
                    fates.push(Fated {
                        action: "reject",
                        seen: Some(Seen::Rejected(rejected.why)),
                        ..Fated::skip(line, title)
                    });
                }
                Item::Row(row) => {
                    let copy = row.incoming.as_ref();
                    let imported = copy.and_then(|copy| copy.status.clone());
                    fates.push(Fated {
                        status: row.word.status.or(imported),
                        ..Fated::skip(row.line, row.title)
                    });
                    if let Some(incoming) = row.incoming {
                        of.entry(row.shelf).or_default().push((at, incoming));
                    }
                }
            }
        }
        for (shelf, rows) in of {
            let Some((shelf, known)) = shelves.get(shelf) else {
                continue;
            };
            let (places, incoming): (Vec<usize>, Vec<Incoming>) = rows.into_iter().unzip();
            let identities: Vec<String> = incoming.iter().map(Incoming::identity).collect();
            let existing = if *known {
                let keys = identities.iter().map(String::as_str);
                copy::store::by_identity(conn, shelf.id, keys).await?
            } else {
                HashMap::new()
            };
            let before: Vec<_> = identities
                .iter()
                .map(|identity| existing.get(identity).cloned())
                .collect();
            let place = Shelf {
                library: shelf.id,
                household: shelf.household_id,
            };
            let plan = upsert::plan(
                &self.ports,
                place,
                Uuid::nil(),
                Whose::File,
                existing,
                incoming.iter().cloned(),
            );
            for (((at, fate), before), incoming) in places
                .into_iter()
                .zip(&plan.fates)
                .zip(before)
                .zip(incoming)
            {
                fates[at].action = action(*fate);
                fates[at].seen = before
                    .filter(|_| *fate == Fate::Updated)
                    .map(|before| Seen::Differs(Box::new((before, incoming))));
            }
        }
        Ok(fates)
    }
}
