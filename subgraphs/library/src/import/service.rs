//! Importing a file.

use super::{
    ImportError, ImportFormat,
    columns::{Column, Mapping},
    fate::action,
    marks::{Marks, Met},
    restore::{self, Target},
    row::Row,
    rows::{Item, Rows},
    source::{Content, Source},
    statuses::Named,
    upload, waiting,
};
use crate::{
    account::{self, MAX_LABEL, entity::account as accounts},
    config::Limits,
    copy::{
        self,
        upsert::{self, Fate, Incoming, Shelf, Source as Whose},
    },
    status::own,
    sync::{self, SyncStage, SyncState, entity::run},
};
use djinn_kernel::{Doing, Fault, viewer::Identity};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::DatabaseTransaction;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
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
    /// The names of the statuses that the household gets by it.
    pub new_statuses: Vec<String>,
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
        import: Import,
    ) -> Result<Arc<Source>, ImportError> {
        let mapping = mapping(&import.mapping)?;
        let (format, limits) = (import.format, self.limits);
        let content = match (import.content, import.upload) {
            (Some(text), None) => {
                let (size, limit) = (text.len(), limits.import_bytes);
                if size > limit {
                    return Err(ImportError::TooLarge { size, limit });
                }
                Content::Text(text)
            }
            (None, Some(id)) => upload::content(&self.ports, limits, household, id, format).await?,
            _ => return Err(ImportError::OneOf),
        };
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
        let (dry_run, leave_out_rejected) = (import.dry_run, import.leave_out_rejected);
        let source = self.open(household, import).await?;
        if dry_run {
            return self.dry_run(who, &label, &source, leave_out_rejected).await;
        }
        // The whole file is read before a word of it is written.
        let names = self.names(&source, leave_out_rejected).await?;
        let txn = self.ports.db.begin_bulk().await.doing("importing")?;
        let (mut own, new) = own::service::ensure(&txn, &self.ports, household, &names).await?;
        let new_statuses = new.iter().map(|one| one.name.clone()).collect();
        own.extend(new);
        let shelves = self.shelves(&txn, household, &label, &source).await?;
        let mut runs = Vec::with_capacity(shelves.len());
        for shelf in &shelves {
            let place = Shelf {
                library: shelf.id,
                household: shelf.household_id,
            };
            let run = matching_run(&txn, &self.ports, place, "Imported from a file.").await?;
            sync::store::insert(&txn, run.clone()).await?;
            runs.push(run);
        }
        let frame = source.frame.as_ref();
        let collections = match frame {
            Some(frame) => {
                restore::settings(&txn, household, frame, &shelves).await?;
                restore::collections(&txn, &self.ports, who, frame, &own).await?
            }
            None => Vec::new(),
        };
        let there = match frame {
            Some(_) => Some(restore::lonely(&txn, who).await?),
            None => None,
        };
        let mut to = Target::new(&self.ports, household, collections, there);
        let mut report = Report {
            new_statuses,
            ..Report::default()
        };
        let mut rows = Rows::of(source, own.into(), self.limits.import_rows).brought_by(who);
        while let Some(items) = rows.next().await? {
            self.write(&txn, &shelves, &mut runs, items, &mut to, &mut report)
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

    /// Reads the whole file, and says what statuses it names.
    async fn names(
        &self,
        source: &Arc<Source>,
        leave_out_rejected: bool,
    ) -> Result<Vec<String>, ImportError> {
        let mut named = Named::of(source.frame.as_ref());
        // To a household that has none, every name is one that it does not have yet.
        let none = Arc::default();
        let mut rows = Rows::of(Arc::clone(source), none, self.limits.import_rows);
        while let Some(items) = rows.next().await? {
            named.note_items(&items, leave_out_rejected)?;
        }
        Ok(named.names())
    }

    /// The names of the statuses that a household does not have yet and would have after an import
    /// that says these.
    pub(super) async fn lacking(
        &self,
        household: Uuid,
        named: Named,
    ) -> Result<Vec<String>, ImportError> {
        let own = own::store::of(self.ports.db.read(), household).await?;
        let new = own::service::lacking(&own, &named.names())?;
        Ok(new.into_iter().map(|one| one.name).collect())
    }

    async fn write(
        &self,
        txn: &DatabaseTransaction,
        shelves: &[accounts::Model],
        runs: &mut [run::Model],
        items: Vec<Item>,
        to: &mut Target,
        report: &mut Report,
    ) -> Result<(), ImportError> {
        let mut of: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
        let mut order: Vec<(usize, String, &'static str)> = Vec::with_capacity(items.len());
        let mut place_of: HashMap<usize, Vec<usize>> = HashMap::new();
        for item in items {
            match item {
                Item::Bad(rejected) => order.push((rejected.why.line, rejected.title, "reject")),
                Item::Again(again) => order.push((again.why.line, again.title, "skip")),
                Item::Row(row) => {
                    if row.incoming.is_some() {
                        place_of.entry(row.shelf).or_default().push(order.len());
                    }
                    order.push((row.line, row.title.clone(), "skip"));
                    of.entry(row.shelf).or_default().push(*row);
                }
            }
        }
        let place = |shelf: usize| {
            shelves.get(shelf).map(|shelf| Shelf {
                library: shelf.id,
                household: shelf.household_id,
            })
        };
        let mut marks = Marks::default();
        for (shelf, rows) in &of {
            let run = runs.get_mut(*shelf);
            let places = place_of.remove(shelf).unwrap_or_default();
            if let (Some(run), Some(place)) = (run, place(*shelf)) {
                let incoming: Vec<Incoming> =
                    rows.iter().filter_map(|row| to.incoming(row)).collect();
                let identities: Vec<String> = incoming.iter().map(Incoming::identity).collect();
                let keys = identities.iter().map(String::as_str);
                let existing = copy::store::by_identity(txn, place.library, keys).await?;
                to.meet(rows, &existing);
                let changes = {
                    let copies = rows.iter().filter(|row| row.incoming.is_some());
                    let met = copies.zip(&identities).map(|(row, identity)| Met {
                        copy: existing.get(identity).map(|copy| (copy.id, copy.game_id)),
                        word: &row.word,
                    });
                    let met: Vec<Met<'_>> = met.collect();
                    marks.changes(txn, to.household, &met).await?
                };
                let plan =
                    upsert::plan(&self.ports, place, run.id, Whose::File, existing, incoming);
                for ((at, fate), marks) in places.into_iter().zip(&plan.fates).zip(&changes) {
                    order[at].2 = action(*fate, marks);
                }
                run.added += plan.count(Fate::Added);
                run.updated += plan.count(Fate::Updated);
                plan.write(txn, &self.ports, place, run.id).await?;
            }
        }
        to.compare(txn).await?;
        for (shelf, rows) in of {
            let said = to.said(txn, place(shelf), rows).await?;
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
}

/// The run that shows how games are matched that came by a file or by hand, as `message` says. One
/// of a former import makes way.
pub async fn matching_run(
    txn: &DatabaseTransaction,
    ports: &Ports,
    shelf: Shelf,
    message: &str,
) -> Result<run::Model, Fault> {
    if let Some(mut last) = sync::store::lock_latest(txn, shelf.library).await?
        && !last.state.is_final()
    {
        last.state = SyncState::Superseded;
        last.finished_at = Some(ports.clock.now());
        last.rev += 1;
        sync::store::save(txn, last).await?;
    }
    Ok(run::Model {
        state: SyncState::Running,
        stage: SyncStage::Matching,
        message: Some(message.to_owned()),
        attempt: 1,
        fetched: true,
        dirty: true,
        ..run::Model::queued(ports, shelf.library, shelf.household)
    })
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
        if mapping.says(column) {
            return Err(ImportError::Invalid {
                field: format!("input.mapping.{index}.column"),
                message: format!("the column {} is mapped twice", copy::clean(column, 40)),
            });
        }
        let before = mapping.0.iter().find(|(_, means)| *means == column_means);
        if let (Some((other, _)), Some(means)) = (before, column_means) {
            let [one, other] = [column, other].map(|name| copy::clean(name, 40));
            return Err(ImportError::Invalid {
                field: format!("input.mapping.{index}.field"),
                message: format!("{other} and {one} cannot both be {}", means.name()),
            });
        }
        mapping.0.push((column.clone(), column_means));
    }
    Ok(mapping)
}
