//! Files that are sent in parts before they are imported: so a large one needs no large request,
//! and mapping its columns does not send it again and again.

use super::{ImportError, ImportFormat, source::Content, text::Decoder};
use crate::{
    config::Limits,
    copy::clean,
    export::file::{Kind, Writer, entity::file, store},
};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Doing, viewer::Identity};
use djinn_subgraph_kit::Ports;
use uuid::Uuid;

/// How long an upload is kept after its last part.
const KEPT: TimeDelta = TimeDelta::hours(1);
/// The most bytes of one part.
pub const MAX_PART: usize = 1024 * 1024;

/// A part of a file.
#[derive(Debug, Clone)]
pub struct Part {
    /// The upload; none begins one.
    pub upload: Option<Uuid>,
    /// What the file is called.
    pub name: Option<String>,
    /// The bytes.
    pub body: Vec<u8>,
    /// Where they begin in the file, so that a part sent twice is not there twice.
    pub offset: Option<u64>,
}

/// What there is of an upload.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Its id.
    pub id: Uuid,
    /// Its size so far.
    pub bytes: u64,
    /// When it goes.
    pub expires_at: DateTime<Utc>,
}

/// Keeps a part.
pub async fn keep(
    ports: &Ports,
    limits: Limits,
    who: &Identity,
    part: Part,
) -> Result<Upload, ImportError> {
    let now = ports.clock.now();
    let limit = limits.upload_bytes;
    if part.body.len() > MAX_PART {
        return Err(ImportError::TooLarge {
            size: part.body.len(),
            limit: MAX_PART,
        });
    }
    if part.upload.is_none() {
        // What could never be imported is not kept first.
        ImportFormat::of_bytes(ImportFormat::Auto, &part.body)?;
    }
    let txn = ports.db.begin().await.doing("keeping an upload")?;
    let household = who.household.0;
    let row = match part.upload {
        Some(id) => store::lock_upload(&txn, household, id, now)
            .await?
            .ok_or(ImportError::NoUpload)?,
        None => {
            let row = file::Model {
                id: ports.ids.new_id(),
                household_id: household,
                player_id: who.player.0,
                kind: Kind::Upload,
                name: clean(part.name.as_deref().unwrap_or("upload"), 100),
                media: "application/octet-stream".to_owned(),
                token: None,
                bytes: 0,
                parts: 0,
                created_at: now,
                expires_at: now,
            };
            store::begin(&txn, row.clone()).await?;
            row
        }
    };
    let there = u64::try_from(row.bytes).unwrap_or_default();
    let size = there + part.body.len() as u64;
    if size > limit as u64 {
        // What does not fit is of no use: it goes at once.
        store::delete(&txn, &[row.id]).await?;
        txn.commit().await.doing("keeping an upload")?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        return Err(ImportError::TooLarge { size, limit });
    }
    let is_known = part
        .offset
        .is_some_and(|offset| offset + part.body.len() as u64 <= there);
    if part.offset.is_some_and(|offset| offset != there) && !is_known {
        return Err(ImportError::Invalid {
            field: "input.offset".to_owned(),
            message: format!("the upload has {there} bytes; the next part begins there"),
        });
    }
    let row = file::Model {
        expires_at: now + KEPT,
        ..row
    };
    let mut writer = Writer::new(&txn, row);
    if !is_known {
        writer.write(&part.body).await?;
    }
    let row = writer.finish().await?;
    txn.commit().await.doing("keeping an upload")?;
    Ok(Upload {
        id: row.id,
        bytes: u64::try_from(row.bytes).unwrap_or_default(),
        expires_at: row.expires_at,
    })
}

/// So many bytes tell what a file is.
const HEAD: usize = 64;

/// What an upload is: read part by part, so that it is in memory once. `said` is what a person says
/// it is.
pub async fn content(
    ports: &Ports,
    limits: Limits,
    household: Uuid,
    id: Uuid,
    said: ImportFormat,
) -> Result<Content, ImportError> {
    let db = ports.db.read();
    let row = store::upload(db, household, id, ports.clock.now())
        .await?
        .ok_or(ImportError::NoUpload)?;
    let bytes = usize::try_from(row.bytes).unwrap_or_default();
    let mut text = Decoder::of(bytes, limits.upload_bytes);
    let (mut head, mut database) = (Vec::new(), None);
    let mut is_known = false;
    for seq in 0..row.parts {
        // Deleted in this very moment.
        let mut part = store::part(db, row.id, seq)
            .await?
            .ok_or(ImportError::NoUpload)?;
        if !is_known {
            head.append(&mut part);
            if head.len() < HEAD && seq + 1 < row.parts {
                continue;
            }
            is_known = true;
            part = std::mem::take(&mut head);
            let format = ImportFormat::of_bytes(said, &part)?;
            database = (format == ImportFormat::GogGalaxy).then(Vec::new);
        }
        match &mut database {
            Some(parts) => parts.push(part),
            None => text.push(&part).map_err(ImportError::Malformed)?,
        }
    }
    if !is_known {
        ImportFormat::of_bytes(said, &[])?;
    }
    match database {
        Some(parts) => Ok(Content::Database(parts)),
        None => Ok(Content::Text(
            text.finish().map_err(ImportError::Malformed)?,
        )),
    }
}
