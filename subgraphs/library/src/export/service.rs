//! Making an export, and handing it out.

use super::{
    ExportError,
    file::{Kind, Writer, entity::file, store},
    form::{FORMAT, VERSION},
    gather::{self, CHUNK, Gathered},
    graphql::ExportFormat,
    table,
};
use crate::{account, copy::digest, game::entity::index_rev};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use djinn_kernel::{Doing, Fault, ids::LibraryId, viewer::Identity};
use djinn_subgraph_kit::Ports;
use sea_orm::{DatabaseTransaction, EntityTrait, QuerySelect};
use serde::Serialize;
use uuid::Uuid;

/// How long a link works.
const KEPT: TimeDelta = TimeDelta::minutes(5);
/// The longest word of a link that is looked at.
const MAX_TOKEN: usize = 100;

/// An export that can be fetched.
#[derive(Debug, Clone)]
pub struct Link {
    /// The word that fetches it. Kept nowhere but in the link.
    pub token: String,
    /// The file.
    pub file: file::Model,
    /// How many games are in it.
    pub games: usize,
}

/// The use cases of exporting.
#[derive(Clone)]
pub struct Exports {
    ports: Ports,
}

impl Exports {
    /// With these ports.
    pub const fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Writes what `who` may see into a file, and says how to fetch it.
    ///
    /// The file is written when it is asked for, in one transaction that holds up whoever would
    /// change this household's holdings: so it is of one moment, and a slow download tears nothing.
    pub async fn export(
        &self,
        who: &Identity,
        format: ExportFormat,
        library: Option<&str>,
    ) -> Result<Link, ExportError> {
        let library = library.map(LibraryId::parse).transpose()?.map(|id| id.0);
        let txn = self.ports.db.begin().await.doing("exporting")?;
        let household = who.household.0;
        if let Some(library) = library
            && account::store::get(&txn, household, library)
                .await?
                .is_none()
        {
            return Err(ExportError::NoLibrary);
        }
        hold(&txn, household).await?;
        let mut secret = [0; 32];
        self.ports.entropy.fill(&mut secret);
        let token = URL_SAFE_NO_PAD.encode(secret);
        let now = self.ports.clock.now();
        let row = file::Model {
            id: self.ports.ids.new_id(),
            household_id: household,
            player_id: who.player.0,
            kind: Kind::Export,
            name: format!("game-djinn-{}.{}", now.format("%Y-%m-%d"), format.ending()),
            media: format.media().to_owned(),
            // Enough to know it again, and of no use to who reads the database.
            token: Some(digest(&token)),
            bytes: 0,
            parts: 0,
            created_at: now,
            expires_at: now + KEPT,
        };
        store::begin(&txn, row.clone()).await?;
        let gathered = gather::gather(&txn, who, library).await?;
        let mut writer = Writer::new(&txn, row);
        match format {
            ExportFormat::Json => json(&txn, &gathered, &mut writer).await?,
            ExportFormat::Csv => rows(&txn, &gathered, &mut writer, false).await?,
            ExportFormat::PlayniteCsv => rows(&txn, &gathered, &mut writer, true).await?,
        }
        let file = writer.finish().await?;
        txn.commit().await.doing("exporting")?;
        Ok(Link {
            token,
            file,
            games: gathered.games.len(),
        })
    }

    /// A part of the file that a word fetches; nothing after the last.
    pub async fn fetch(
        &self,
        token: &str,
        part: i32,
    ) -> Result<(file::Model, Option<Vec<u8>>), ExportError> {
        if token.len() > MAX_TOKEN {
            return Err(ExportError::Gone);
        }
        let db = self.ports.db.read();
        let file = store::by_token(db, &digest(token), self.ports.clock.now())
            .await?
            .ok_or(ExportError::Gone)?;
        let body = store::part(db, file.id, part).await?;
        if body.is_none() && (0..file.parts).contains(&part) {
            return Err(ExportError::Gone);
        }
        Ok((file, body))
    }
}

/// Makes others wait that would change the household's holdings meanwhile.
async fn hold(txn: &DatabaseTransaction, household: Uuid) -> Result<(), Fault> {
    index_rev::Entity::find_by_id(household)
        .lock_exclusive()
        .one(txn)
        .await
        .doing("holding a library still")?;
    Ok(())
}

type To<'w, 'c> = &'w mut Writer<'c, DatabaseTransaction>;

async fn json(txn: &DatabaseTransaction, gathered: &Gathered, to: To<'_, '_>) -> Result<(), Fault> {
    // A name in the IANA database has nothing that would have to be escaped.
    let zone = gathered.zone.map_or_else(String::new, |zone| {
        format!("\"timeZone\":\"{}\",", zone.name())
    });
    let statuses = if gathered.statuses.is_empty() {
        String::new()
    } else {
        let list = serde_json::to_string(&gathered.statuses).doing("writing an export")?;
        format!("\"statuses\":{list},")
    };
    let head = format!(
        "{{\"format\":\"{FORMAT}\",\"version\":{VERSION},{zone}{statuses}\n\"libraries\":["
    );
    to.write(head.as_bytes()).await?;
    let mut first = true;
    for (_, library) in &gathered.libraries {
        item(to, library, &mut first).await?;
    }
    to.write(b"],\n\"games\":[").await?;
    let mut first = true;
    for entries in gathered.games.chunks(CHUNK) {
        for game in gathered.games(txn, entries).await? {
            item(to, &game, &mut first).await?;
        }
    }
    to.write(b"],\n\"collections\":[").await?;
    let mut first = true;
    for collection in &gathered.collections {
        item(to, collection, &mut first).await?;
    }
    to.write(b"]}\n").await
}

async fn item<T: Serialize + Sync>(
    to: To<'_, '_>,
    item: &T,
    first: &mut bool,
) -> Result<(), Fault> {
    let mut line = if *first { "\n" } else { ",\n" }.as_bytes().to_vec();
    *first = false;
    serde_json::to_writer(&mut line, item).doing("writing an export")?;
    to.write(&line).await
}

async fn rows(
    txn: &DatabaseTransaction,
    gathered: &Gathered,
    to: To<'_, '_>,
    playnite: bool,
) -> Result<(), Fault> {
    to.write(table::head(playnite).as_bytes()).await?;
    for entries in gathered.games.chunks(CHUNK) {
        for game in gathered.games(txn, entries).await? {
            to.write(table::rows(&game, playnite).as_bytes()).await?;
        }
    }
    Ok(())
}
