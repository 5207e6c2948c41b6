//! What would become of the games of a file: told without a word being written.

use super::{
    ImportError, Imports, Malformed, Report,
    marks::{Change, Marks, Met},
    restore,
    rows::{Item, Rows},
    source::Source,
    statuses::Named,
    word::Word,
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
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use uuid::Uuid;

/// What is said to happen to a game: its copy has this fate, and `marks` change.
pub(super) const fn action(fate: Fate, marks: &[Change]) -> &'static str {
    match fate {
        Fate::Added => "add",
        Fate::Unchanged if marks.is_empty() => "unchanged",
        Fate::Updated | Fate::Unchanged => "update",
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
    /// Why it is passed over: it cannot be read, or repeats one before it.
    Passed(Malformed),
    /// It changes.
    Differs(Box<Differs>),
}

/// A game that changes.
pub(super) struct Differs {
    /// The copy there is.
    pub copy: copy::entity::Model,
    /// What the file says of it.
    pub said: Incoming,
    /// What changes of a person's own words.
    pub marks: Vec<Change>,
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
        let mut marks = Marks::default();
        let mut rows =
            Rows::of(Arc::clone(source), own.into(), self.limits.import_rows).brought_by(who);
        while let Some(items) = rows.next().await? {
            named.note_items(&items, leave_out_rejected)?;
            for fated in self.fates(db, &shelves, &mut marks, items).await? {
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
        marks: &mut Marks,
        items: Vec<Item>,
    ) -> Result<Vec<Fated>, Fault> {
        let mut fates = Vec::with_capacity(items.len());
        let mut of: BTreeMap<usize, Vec<(usize, Incoming, Word)>> = BTreeMap::new();
        for item in items {
            let at = fates.len();
            match item {
                Item::Again(again) => fates.push(Fated {
                    seen: Some(Seen::Passed(again.why.clone())),
                    ..Fated::skip(again.why.line, again.title)
                }),
                Item::Bad(rejected) => {
                    let (line, title) = (rejected.why.line, rejected.title.clone());
                    fates.push(Fated {
                        action: "reject",
                        seen: Some(Seen::Passed(rejected.why)),
                        ..Fated::skip(line, title)
                    });
                }
                Item::Row(row) => {
                    let copy = row.incoming.as_ref();
                    let imported = copy.and_then(|copy| copy.status.clone());
                    fates.push(Fated {
                        status: row.word.status.clone().or(imported),
                        ..Fated::skip(row.line, row.title)
                    });
                    if let Some(incoming) = row.incoming {
                        let rows = of.entry(row.shelf).or_default();
                        rows.push((at, incoming, row.word));
                    }
                }
            }
        }
        for (shelf, rows) in of {
            let Some((shelf, known)) = shelves.get(shelf) else {
                continue;
            };
            let identities: Vec<String> = rows.iter().map(|(_, said, _)| said.identity()).collect();
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
            let changes = {
                let met = rows.iter().zip(&before).map(|((_, _, word), before)| Met {
                    copy: before.as_ref().map(|copy| (copy.id, copy.game_id)),
                    word,
                });
                let met: Vec<Met<'_>> = met.collect();
                marks.changes(conn, shelf.household_id, &met).await?
            };
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
                rows.iter().map(|(_, said, _)| said.clone()),
            );
            let rows = rows.into_iter().zip(&plan.fates).zip(before).zip(changes);
            for ((((at, said, _), fate), before), marks) in rows {
                let action = action(*fate, &marks);
                fates[at].action = action;
                fates[at].seen = before
                    .filter(|_| action == "update")
                    .map(|copy| Seen::Differs(Box::new(Differs { copy, said, marks })));
            }
        }
        Ok(fates)
    }
}
