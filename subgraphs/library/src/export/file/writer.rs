//! Writes a file part by part.

use super::{
    PART,
    entity::{file, part},
    store,
};
use djinn_kernel::Fault;
use sea_orm::ConnectionTrait;

/// A file that is being written.
pub struct Writer<'c, C> {
    conn: &'c C,
    file: file::Model,
    full: Vec<u8>,
}

impl<'c, C: ConnectionTrait> Writer<'c, C> {
    /// At the end of what there is of it.
    pub const fn new(conn: &'c C, file: file::Model) -> Self {
        Self {
            conn,
            file,
            full: Vec::new(),
        }
    }

    /// Adds bytes.
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Fault> {
        while self.full.len() + bytes.len() >= PART {
            let (now, rest) = bytes.split_at(PART - self.full.len());
            self.full.extend_from_slice(now);
            bytes = rest;
            self.part().await?;
        }
        self.full.extend_from_slice(bytes);
        Ok(())
    }

    async fn part(&mut self) -> Result<(), Fault> {
        let body = std::mem::take(&mut self.full);
        self.file.bytes += body.len() as i64;
        let row = part::Model {
            file_id: self.file.id,
            seq: self.file.parts,
            body,
        };
        self.file.parts += 1;
        store::add(self.conn, row).await
    }

    /// Writes what is left, and how much it is now.
    pub async fn finish(mut self) -> Result<file::Model, Fault> {
        if !self.full.is_empty() {
            self.part().await?;
        }
        store::save(self.conn, self.file.clone()).await?;
        Ok(self.file)
    }
}
