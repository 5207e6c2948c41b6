//! Importing a file.

use super::{
    ImportError, Record,
    columns::{Column, Mapping},
    csv,
    graphql::ImportFormat,
    json, row,
};
use crate::{
    account::{self, MAX_LABEL, entity::account as accounts},
    config::Limits,
    copy::{
        self,
        upsert::{self, Fate, Incoming, Plan, Shelf, Source},
    },
    sync::{self, SyncStage, SyncState, entity::run},
};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::HashSet;
use uuid::Uuid;

/// How many rows a report shows.
const PREVIEW: usize = 20;

/// A file to import.
#[derive(Debug, Clone)]
pub struct Import {
    /// What it is.
    pub format: ImportFormat,
    /// Its text.
    pub content: String,
    /// What its columns mean, where that is not plain: column and field.
    pub mapping: Vec<(String, String)>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// The shelf's label.
    pub label: String,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The shelf; none before its first import.
    pub library: Option<accounts::Model>,
    /// Games in the file.
    pub rows: i32,
    /// New on the shelf.
    pub added: i32,
    /// Changed on the shelf.
    pub updated: i32,
    /// On the shelf as they are in the file.
    pub unchanged: i32,
    /// In the file a second time.
    pub skipped: i32,
    /// The first rows: line, title and what becomes of it.
    pub preview: Vec<(usize, String, &'static str)>,
}

/// One game of a file, read.
struct Read {
    line: usize,
    title: String,
    /// None for one that the file has twice.
    incoming: Option<Incoming>,
}

/// The use case of importing.
#[derive(Clone)]
pub struct Imports {
    ports: Ports,
    limits: Limits,
}

impl Imports {
    /// With these ports.
    pub const fn new(ports: Ports, limits: Limits) -> Self {
        Self { ports, limits }
    }

    /// Imports a file onto the household's shelf of that label, or says what that would do.
    pub async fn import(&self, household: Uuid, import: Import) -> Result<Report, ImportError> {
        let label = account::label(&import.label).ok_or_else(|| ImportError::Invalid {
            field: "input.label".to_owned(),
            message: format!("a label has 1 to {MAX_LABEL} characters"),
        })?;
        let mapping = mapping(&import.mapping)?;
        let (size, limit) = (import.content.len(), self.limits.import_bytes);
        if size > limit {
            return Err(ImportError::TooLarge { size, limit });
        }
        let most = self.limits.import_rows;
        // Megabytes of text are read beside the requests, not in their way.
        let read = tokio::task::spawn_blocking(move || {
            read(&import.content, import.format, &mapping, most)
        })
        .await
        .doing("reading an import")??;
        if import.dry_run {
            return self.dry_run(household, &label, read).await;
        }
        let txn = self.ports.db.begin().await.doing("importing")?;
        let shelf = self.shelf(&txn, household, &label).await?;
        let mut run = self.run(&txn, &shelf).await?;
        let (plan, report) = self.plan(&txn, &shelf, run.id, read).await?;
        (run.added, run.updated) = (report.added, report.updated);
        sync::store::insert(&txn, run.clone()).await?;
        let place = Shelf {
            library: shelf.id,
            household,
        };
        plan.write(&txn, &self.ports, place, run.id).await?;
        txn.commit().await.doing("importing")?;
        for topic in [outbox::TOPIC, sync::TOPIC, &sync::topic(shelf.id)] {
            self.ports.bus.poke(topic);
        }
        Ok(Report {
            library: Some(shelf),
            ..report
        })
    }

    async fn dry_run(
        &self,
        household: Uuid,
        label: &str,
        read: Vec<Read>,
    ) -> Result<Report, ImportError> {
        let db = self.ports.db.read();
        let key = account::shelf_key(label);
        let known = account::store::by_key(db, household, crate::platform::MANUAL, &key).await?;
        let shelf = known
            .clone()
            .unwrap_or_else(|| account::shelf(&self.ports, household, label));
        let (_, report) = self.plan(db, &shelf, Uuid::nil(), read).await?;
        Ok(Report {
            library: known,
            ..report
        })
    }

    /// The household's shelf of that label, new if there is none.
    async fn shelf(
        &self,
        txn: &DatabaseTransaction,
        household: Uuid,
        label: &str,
    ) -> Result<accounts::Model, ImportError> {
        let key = account::shelf_key(label);
        let known = || account::store::by_key(txn, household, crate::platform::MANUAL, &key);
        if let Some(shelf) = known().await? {
            return Ok(shelf);
        }
        if account::store::count(txn, household).await? >= u64::from(self.limits.libraries) {
            return Err(ImportError::TooManyLibraries(self.limits.libraries));
        }
        let shelf = account::shelf(&self.ports, household, label);
        if account::store::insert(txn, shelf.clone()).await? {
            return Ok(shelf);
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

    async fn plan(
        &self,
        conn: &impl ConnectionTrait,
        shelf: &accounts::Model,
        run: Uuid,
        read: Vec<Read>,
    ) -> Result<(Plan, Report), Fault> {
        let rows = read.len() as i32;
        let mut incoming = Vec::with_capacity(read.len());
        let mut lines = Vec::with_capacity(read.len());
        for one in read {
            lines.push((one.line, one.title, one.incoming.is_some()));
            incoming.extend(one.incoming);
        }
        let identities: Vec<String> = incoming.iter().map(Incoming::identity).collect();
        let existing =
            copy::store::by_identity(conn, shelf.id, identities.iter().map(String::as_str)).await?;
        let place = Shelf {
            library: shelf.id,
            household: shelf.household_id,
        };
        let plan = upsert::plan(&self.ports, place, run, Source::File, existing, incoming);
        let mut fates = plan.fates.iter();
        let preview = lines
            .into_iter()
            .take(PREVIEW)
            .map(|(line, title, once)| {
                let fate = if once { fates.next() } else { None };
                let action = match fate {
                    Some(Fate::Added) => "add",
                    Some(Fate::Updated) => "update",
                    Some(Fate::Unchanged) => "unchanged",
                    None => "skip",
                };
                (line, title, action)
            })
            .collect();
        let report = Report {
            library: None,
            rows,
            added: plan.count(Fate::Added),
            updated: plan.count(Fate::Updated),
            unchanged: plan.count(Fate::Unchanged),
            skipped: rows - plan.fates.len() as i32,
            preview,
        };
        Ok((plan, report))
    }
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

/// Reads and checks a whole file.
fn read(
    text: &str,
    format: ImportFormat,
    mapping: &Mapping,
    most: usize,
) -> Result<Vec<Read>, ImportError> {
    let (records, rows) = match format {
        ImportFormat::Csv => csv::read(text, mapping, most),
        ImportFormat::Json => json::read(text, mapping, most),
    }
    .map_err(ImportError::Malformed)?;
    if rows > most {
        return Err(ImportError::TooMany { rows, limit: most });
    }
    let lines = match format {
        ImportFormat::Csv => records.iter().map(|record| record.line).collect(),
        ImportFormat::Json => json::lines(text),
    };
    let mut seen = HashSet::new();
    let mut games = Vec::with_capacity(records.len());
    for (index, record) in records.iter().enumerate() {
        let incoming = row_of(text, format, index, record)?;
        let title = incoming.title.clone().unwrap_or_default();
        let once = seen.insert(incoming.identity());
        let line = lines.get(index).copied().unwrap_or(record.line);
        games.push(Read {
            line,
            title,
            incoming: once.then_some(incoming),
        });
    }
    Ok(games)
}

fn row_of(
    text: &str,
    format: ImportFormat,
    index: usize,
    record: &Record,
) -> Result<Incoming, ImportError> {
    row::read(record).map_err(|complaint| {
        ImportError::Malformed(match format {
            ImportFormat::Csv => complaint,
            ImportFormat::Json => json::placed(text, index, complaint),
        })
    })
}
