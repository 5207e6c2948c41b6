//! Importing a file.

use super::{
    ImportError, ImportFormat,
    columns::{Column, Mapping},
    restore::{self, Target},
    row::Row,
    rows::{Item, Rows},
    source::{Content, Source},
    upload, waiting,
};
use crate::{
    account::{self, MAX_LABEL, entity::account as accounts},
    config::Limits,
    copy::{
        self,
        upsert::{self, Fate, Incoming, Shelf, Source as Whose},
    },
    sync::{self, SyncStage, SyncState, entity::run},
};
use djinn_kernel::{Doing, Fault, viewer::Identity};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// How many rows a report shows.
const PREVIEW: usize = 20;

/// A file to import.
#[derive(Debug, Clone)]
pub struct Import {
    /// What it is.
    pub format: ImportFormat,
    /// Its text.
    pub content: Option<String>,
    /// Or the upload it came by.
    pub upload: Option<Uuid>,
    /// What its columns mean, where that is not plain: column and field.
    pub mapping: Vec<(String, String)>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// Leave out what cannot be read, instead of refusing the file.
    pub leave_out_rejected: bool,
    /// The shelf's label.
    pub label: String,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The shelves; none before their first import.
    pub libraries: Vec<accounts::Model>,
    /// Games in the file.
    pub rows: i32,
    /// New on the shelf.
    pub added: i32,
    /// Changed on the shelf.
    pub updated: i32,
    /// On the shelf as they are in the file.
    pub unchanged: i32,
    /// In the file a second time, or with nothing to hold.
    pub skipped: i32,
    /// Cannot be read.
    pub rejected: i32,
    /// The first rows: line, title and what becomes of it.
    pub preview: Vec<(usize, String, &'static str)>,
}

impl Report {
    pub(super) fn count(&mut self, line: usize, title: String, action: &'static str) {
        self.rows += 1;
        match action {
            "add" => self.added += 1,
            "update" => self.updated += 1,
            "unchanged" => self.unchanged += 1,
            "reject" => self.rejected += 1,
            _ => self.skipped += 1,
        }
        if self.preview.len() < PREVIEW {
            self.preview.push((line, title, action));
        }
    }
}

/// What is said to happen to a game.
pub(super) const fn action(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "add",
        Fate::Updated => "update",
        Fate::Unchanged => "unchanged",
    }
}

/// The use case of importing.
#[derive(Clone)]
pub struct Imports {
    pub(super) ports: Ports,
    pub(super) limits: Limits,
}

impl Imports {
    /// With these ports.
    pub const fn new(ports: Ports, limits: Limits) -> Self {
        Self { ports, limits }
    }

    /// Keeps a part of a file that is sent in parts.
    pub async fn upload(
        &self,
        who: &Identity,
        part: upload::Part,
    ) -> Result<upload::Upload, ImportError> {
        upload::keep(&self.ports, self.limits, who, part).await
    }

    /// Opens the file that is meant.
    pub(super) async fn open(
        &self,
        household: Uuid,
        import: &Import,
    ) -> Result<Arc<Source>, ImportError> {
        let mapping = mapping(&import.mapping)?;
        let content = match (&import.content, import.upload) {
            (Some(text), None) => {
                let (size, limit) = (text.len(), self.limits.import_bytes);
                if size > limit {
                    return Err(ImportError::TooLarge { size, limit });
                }
                Content::Text(text.clone())
            }
            (None, Some(id)) => Content::Bytes(upload::parts(&self.ports, household, id).await?),
            _ => return Err(ImportError::OneOf),
        };
        let (format, limits) = (import.format, self.limits);
        // Megabytes of text are read beside the requests, not in their way.
        let source =
            tokio::task::spawn_blocking(move || Source::open(content, format, mapping, limits))
                .await
                .doing("opening an import")??;
        Ok(Arc::new(source))
    }

    /// Imports a file onto the household's shelf of that label, or says what that would do.
    pub async fn import(&self, who: &Identity, import: Import) -> Result<Report, ImportError> {
        let label = account::label(&import.label).ok_or_else(|| ImportError::Invalid {
            field: "input.label".to_owned(),
            message: format!("a label has 1 to {MAX_LABEL} characters"),
        })?;
        let household = who.household.0;
        let source = self.open(household, &import).await?;
        let most = self.limits.import_rows;
        // The whole file is read before a word of it is written.
        let mut rows = Rows::of(Arc::clone(&source), most);
        while let Some(items) = rows.next().await? {
            for item in items {
                if let Item::Bad(rejected) = item
                    && !import.leave_out_rejected
                {
                    return Err(ImportError::Malformed(rejected.why));
                }
            }
        }
        if import.dry_run {
            return self.dry_run(household, &label, &source).await;
        }
        let txn = self.ports.db.begin().await.doing("importing")?;
        let shelves = self.shelves(&txn, household, &label, &source).await?;
        let mut runs = Vec::with_capacity(shelves.len());
        for shelf in &shelves {
            let run = self.run(&txn, shelf).await?;
            sync::store::insert(&txn, run.clone()).await?;
            runs.push(run);
        }
        let frame = source.frame.as_ref();
        let collections = match frame {
            Some(frame) => restore::collections(&txn, &self.ports, who, frame).await?,
            None => Vec::new(),
        };
        let to = Target::new(&self.ports, household, collections);
        let mut report = Report::default();
        let mut rows = Rows::of(source, most);
        while let Some(items) = rows.next().await? {
            self.write(&txn, &shelves, &mut runs, items, &to, &mut report)
                .await?;
        }
        for run in runs {
            sync::store::save(&txn, run).await?;
        }
        txn.commit().await.doing("importing")?;
        for shelf in &shelves {
            self.ports.bus.poke(&sync::topic(shelf.id));
        }
        for topic in [outbox::TOPIC, sync::TOPIC] {
            self.ports.bus.poke(topic);
        }
        Ok(Report {
            libraries: shelves,
            ..report
        })
    }

    async fn dry_run(
        &self,
        household: Uuid,
        label: &str,
        source: &Arc<Source>,
    ) -> Result<Report, ImportError> {
        let db = self.ports.db.read();
        let shelves = self.known(household, label, source).await?;
        let mut report = Report::default();
        let mut rows = Rows::of(Arc::clone(source), self.limits.import_rows);
        while let Some(items) = rows.next().await? {
            for (line, title, action, _) in self.fates(db, &shelves, items).await? {
                report.count(line, title, action);
            }
        }
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

    fn wanted(&self, household: Uuid, label: &str, source: &Source) -> Vec<accounts::Model> {
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
    ) -> Result<Vec<(usize, String, &'static str, Option<Seen>)>, Fault> {
        let mut fates = Vec::with_capacity(items.len());
        let mut of: HashMap<usize, Vec<(usize, Incoming)>> = HashMap::new();
        for item in items {
            let at = fates.len();
            match item {
                Item::Again(line, title) => fates.push((line, title, "skip", None)),
                Item::Bad(rejected) => {
                    let (line, title) = (rejected.why.line, rejected.title.clone());
                    let seen = Seen::Rejected(rejected.why);
                    fates.push((line, title, "reject", Some(seen)));
                }
                Item::Row(row) => {
                    fates.push((row.line, row.title, "skip", None));
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
                fates[at].2 = action(*fate);
                fates[at].3 = before
                    .filter(|_| *fate == Fate::Updated)
                    .map(|before| Seen::Differs(Box::new((before, incoming))));
            }
        }
        Ok(fates)
    }

    async fn write(
        &self,
        txn: &DatabaseTransaction,
        shelves: &[accounts::Model],
        runs: &mut [run::Model],
        items: Vec<Item>,
        to: &Target,
        report: &mut Report,
    ) -> Result<(), ImportError> {
        let mut of: HashMap<usize, Vec<Row>> = HashMap::new();
        let mut order: Vec<(usize, String, &'static str)> = Vec::with_capacity(items.len());
        let mut place_of: HashMap<usize, Vec<usize>> = HashMap::new();
        for item in items {
            match item {
                Item::Bad(rejected) => order.push((rejected.why.line, rejected.title, "reject")),
                Item::Again(line, title) => order.push((line, title, "skip")),
                Item::Row(row) => {
                    if row.incoming.is_some() {
                        place_of.entry(row.shelf).or_default().push(order.len());
                    }
                    order.push((row.line, row.title.clone(), "skip"));
                    of.entry(row.shelf).or_default().push(*row);
                }
            }
        }
        for (shelf, rows) in of {
            let run = runs.get_mut(shelf);
            let places = place_of.remove(&shelf).unwrap_or_default();
            let place = shelves.get(shelf).map(|shelf| Shelf {
                library: shelf.id,
                household: shelf.household_id,
            });
            if let (Some(run), Some(place)) = (run, place) {
                let incoming: Vec<Incoming> =
                    rows.iter().filter_map(|row| row.incoming.clone()).collect();
                let identities: Vec<String> = incoming.iter().map(Incoming::identity).collect();
                let keys = identities.iter().map(String::as_str);
                let existing = copy::store::by_identity(txn, place.library, keys).await?;
                let plan =
                    upsert::plan(&self.ports, place, run.id, Whose::File, existing, incoming);
                for (at, fate) in places.into_iter().zip(&plan.fates) {
                    order[at].2 = action(*fate);
                }
                run.added += plan.count(Fate::Added);
                run.updated += plan.count(Fate::Updated);
                plan.write(txn, &self.ports, place, run.id).await?;
            }
            let said = to.said(txn, place, rows).await?;
            waiting::say(txn, &self.ports, to.household, said).await?;
        }
        for (line, title, action) in order {
            report.count(line, title, action);
        }
        Ok(())
    }

    /// The household's shelves for a file, new where there are none.
    async fn shelves(
        &self,
        txn: &DatabaseTransaction,
        household: Uuid,
        label: &str,
        source: &Source,
    ) -> Result<Vec<accounts::Model>, ImportError> {
        let mut shelves = Vec::new();
        for wanted in self.wanted(household, label, source) {
            shelves.push(self.shelf(txn, household, wanted).await?);
        }
        Ok(shelves)
    }

    async fn shelf(
        &self,
        txn: &DatabaseTransaction,
        household: Uuid,
        wanted: accounts::Model,
    ) -> Result<accounts::Model, ImportError> {
        let (platform, key) = (wanted.platform.clone(), wanted.account_key.clone());
        let known = || account::store::by_key(txn, household, &platform, &key);
        if let Some(shelf) = known().await? {
            return Ok(shelf);
        }
        if account::store::count(txn, household).await? >= u64::from(self.limits.libraries) {
            return Err(ImportError::TooManyLibraries(self.limits.libraries));
        }
        if account::store::insert(txn, wanted.clone()).await? {
            return Ok(wanted);
        }
        Ok(known().await?.doing("finding a shelf that is there")?)
    }

    /// The run that shows how the imported games are matched. One of a former import makes way.
    async fn run(
        &self,
        txn: &DatabaseTransaction,
        shelf: &accounts::Model,
    ) -> Result<run::Model, Fault> {
        if let Some(mut last) = sync::store::lock_latest(txn, shelf.id).await?
            && !last.state.is_final()
        {
            last.state = SyncState::Superseded;
            last.finished_at = Some(self.ports.clock.now());
            last.rev += 1;
            sync::store::save(txn, last).await?;
        }
        Ok(run::Model {
            state: SyncState::Running,
            stage: SyncStage::Matching,
            message: Some("Imported from a file.".to_owned()),
            attempt: 1,
            fetched: true,
            dirty: true,
            ..run::Model::queued(&self.ports, shelf.id, shelf.household_id)
        })
    }
}

/// What a preview knows of a game beside its fate.
pub(super) enum Seen {
    /// Why it cannot be read.
    Rejected(super::Malformed),
    /// The copy there is, and what the file says.
    Differs(Box<(copy::entity::Model, Incoming)>),
}

fn mapping(typed: &[(String, String)]) -> Result<Mapping, ImportError> {
    let mut mapping = Mapping::default();
    for (index, (column, field)) in typed.iter().enumerate() {
        let column_means = match field.as_str() {
            "" | "ignore" => None,
            name => Some(Column::named(name).ok_or_else(|| ImportError::Invalid {
                field: format!("input.mapping.{index}.field"),
                message: format!(
                    "no field is called {}; there are: {}, ignore",
                    copy::clean(name, 40),
                    Column::names()
                ),
            })?),
        };
        mapping.0.push((column.clone(), column_means));
    }
    Ok(mapping)
}
