//! Linking and unlinking.

use super::{
    LinkError, MAX_LABEL, MAX_VALUE, UnlinkError,
    entity::account,
    label, place, store,
    tokens::{Kept, Unsaved},
};
use crate::{
    config::Limits,
    copy::{self, Holding, fold},
    game::holdings,
    platform::{
        Access, Connection, Description, Fields, KnownCopies, Listed, MANUAL, Registry,
        graphql::FieldKind, token,
    },
    sync,
};
use djinn_kernel::{
    Code, Doing, Fault,
    event::LibraryForgotten,
    ids::{LibraryId, PlayerId},
};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::ConnectionTrait;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// How many chunks of a library's copies are removed before the person who unlinks it gets their
/// answer; the sync worker removes the rest.
const CHUNKS: usize = 4;

/// The use cases of linked accounts.
#[derive(Clone)]
pub struct Accounts {
    ports: Ports,
    registry: Registry,
    limits: Limits,
    unsaved: Unsaved,
}

impl Accounts {
    /// With these ports and platforms.
    pub fn new(ports: Ports, registry: Registry, limits: Limits) -> Self {
        Self {
            ports,
            registry,
            limits,
            unsaved: Unsaved::default(),
        }
    }

    /// Links an account, after trying its credentials, and queues its first sync.
    pub async fn link(
        &self,
        household: Uuid,
        platform: &str,
        typed_label: Option<&str>,
        typed: Vec<(String, String)>,
    ) -> Result<account::Model, LinkError> {
        let description = self
            .registry
            .get(platform)
            .ok_or_else(|| LinkError::PlatformUnknown(copy::clean(platform, 40)))?;
        let fields = checked(description, typed)?;
        let wanted = typed_label
            .filter(|typed| !typed.trim().is_empty())
            .map(|typed| {
                label(typed).ok_or_else(|| LinkError::Invalid {
                    field: "input.label".to_owned(),
                    message: format!("a label has at most {MAX_LABEL} characters"),
                })
            });
        let wanted = wanted.transpose()?;
        if store::count(self.ports.db.read(), household).await? >= u64::from(self.limits.libraries)
        {
            return Err(LinkError::TooMany(self.limits.libraries));
        }
        let connection = match self.registry.adapter(platform) {
            Some(adapter) => Some(adapter.connect(&fields).await?),
            None => None,
        };
        let row = self.row(household, description, wanted, connection.as_ref());
        let secrets = connection
            .map(|connection| connection.secrets)
            .unwrap_or_default();
        self.store(row, secrets, description.can_sync).await
    }

    fn row(
        &self,
        household: Uuid,
        description: &Description,
        wanted: Option<String>,
        connection: Option<&Connection>,
    ) -> account::Model {
        let label = wanted
            .or_else(|| {
                connection.and_then(|connection| connection.name.as_deref().and_then(label))
            })
            .unwrap_or_else(|| description.name.clone());
        let account = connection.map(|connection| connection.account.clone());
        account::Model {
            id: self.ports.ids.new_id(),
            household_id: household,
            platform: description.id.clone(),
            account_key: account.clone().unwrap_or_else(|| shelf_key(&label)),
            account,
            label,
            connected: true,
            error_code: None,
            error_message: None,
            error_said: None,
            created_at: self.ports.clock.now(),
            forgotten_at: None,
            for_good: false,
        }
    }

    async fn store(
        &self,
        row: account::Model,
        secrets: Vec<(&'static str, String)>,
        can_sync: bool,
    ) -> Result<account::Model, LinkError> {
        let txn = self.ports.db.begin().await.doing("linking a library")?;
        let mut row = row;
        if store::insert(&txn, row.clone()).await? {
            let sealed = self.sealed(&row, &secrets)?;
            store::replace_secrets(&txn, row.id, sealed).await?;
        } else {
            // Whose credentials were refused meanwhile, or do not open any more, brings new ones by
            // linking it again. If they were good they are replaced as well: a platform that hands
            // out new tokens may take the old ones no more.
            let (household, platform) = (row.household_id, &row.platform);
            row = store::by_key(&txn, household, platform, &row.account_key)
                .await?
                .ok_or(LinkError::AlreadyLinked)?;
            let were_good = !wants_new_credentials(&row) && self.opens(&txn, &row).await?;
            if were_good && secrets.is_empty() {
                return Err(match row.account {
                    Some(_) => LinkError::AlreadyLinked,
                    None => LinkError::ShelfTaken(row.label),
                });
            }
            // The run before the account, as the worker does.
            let last = sync::store::lock_latest(&txn, row.id).await?;
            let sealed = self.sealed(&row, &secrets)?;
            store::replace_secrets(&txn, row.id, sealed).await?;
            if were_good {
                txn.commit()
                    .await
                    .doing("renewing a library's credentials")?;
                return Err(LinkError::Renewed);
            }
            store::note_outcome(&txn, row.id, true, None).await?;
            (row.connected, row.error_code, row.error_message) = (true, None, None);
            row.error_said = None;
            if last.is_some_and(|run| !run.state.is_final()) {
                txn.commit().await.doing("linking a library")?;
                return Ok(row);
            }
        }
        if can_sync {
            let run = sync::entity::run::Model::queued(&self.ports, row.id, row.household_id);
            sync::store::insert(&txn, run).await?;
        }
        txn.commit().await.doing("linking a library")?;
        if can_sync {
            self.ports.bus.poke(sync::TOPIC);
        }
        Ok(row)
    }

    /// The ports.
    pub(super) const fn ports(&self) -> &Ports {
        &self.ports
    }

    /// Tokens that could not be saved yet.
    pub(super) const fn unsaved(&self) -> &Unsaved {
        &self.unsaved
    }

    /// The secrets of a library, sealed for it and for nothing else.
    fn sealed(
        &self,
        row: &account::Model,
        secrets: &[(&'static str, String)],
    ) -> Result<Vec<(&'static str, Vec<u8>)>, Fault> {
        let seal = |(field, secret): &(&'static str, String)| {
            let place = place(row.household_id, &row.platform, field, row.id);
            Ok((*field, self.ports.vault.seal(secret.as_bytes(), &place)?))
        };
        secrets.iter().map(seal).collect()
    }

    /// Whether all secrets of an account open: none does once the master key is lost.
    async fn opens(
        &self,
        conn: &impl ConnectionTrait,
        account: &account::Model,
    ) -> Result<bool, Fault> {
        let secrets = store::secrets(conn, account.id).await?;
        Ok(secrets.iter().all(|(field, sealed)| {
            let place = place(account.household_id, &account.platform, field, account.id);
            self.ports.vault.open(sealed, &place).is_ok()
        }))
    }

    /// What an adapter needs to read this account.
    pub async fn access(&self, account: &account::Model) -> Result<Access, Fault> {
        let mut secrets = BTreeMap::new();
        for (field, sealed) in store::secrets(self.ports.db.read(), account.id).await? {
            if field == token::FIELD {
                continue;
            }
            let place = place(account.household_id, &account.platform, &field, account.id);
            let opened = self.ports.vault.open(&sealed, &place)?;
            secrets.insert(field, String::from_utf8(opened).doing("reading a secret")?);
        }
        Ok(Access {
            account: account.account.clone().unwrap_or_default(),
            secrets,
            tokens: Some(Arc::new(Kept::of(&self.ports, account, &self.unsaved))),
            known: Some(Arc::new(Known {
                ports: self.ports.clone(),
                library: account.id,
            })),
        })
    }

    /// Unlinks a library: it and its secrets are gone at once, its copies right after. What a crash
    /// leaves of them, the sync worker removes.
    pub async fn unlink(&self, household: Uuid, id: Uuid) -> Result<(), UnlinkError> {
        let txn = self.ports.db.begin().await.doing("unlinking a library")?;
        // The run before the account, as the worker does: else the two could wait for each other.
        sync::store::lock_latest(&txn, id).await?;
        let account = store::get(&txn, household, id).await?;
        let account = account.ok_or(UnlinkError::NotFound)?;
        if !store::forget(&txn, household, id, self.ports.clock.now()).await? {
            return Err(UnlinkError::NotFound);
        }
        sync::store::delete_of(&txn, id).await?;
        // Others hear of it before anything that is found in it when it comes back, and that may be
        // sooner than its last copy is removed.
        self.tell_gone(&txn, &account).await?;
        txn.commit().await.doing("unlinking a library")?;
        self.ports.bus.poke(outbox::TOPIC);
        self.ports.bus.poke(&sync::topic(id));
        if !self.remove(household, id, CHUNKS).await? {
            self.ports.bus.poke(sync::TOPIC);
        }
        Ok(())
    }

    async fn tell_gone(
        &self,
        txn: &impl ConnectionTrait,
        account: &account::Model,
    ) -> Result<(), Fault> {
        let event = LibraryForgotten {
            household: PlayerId(account.household_id),
            library: LibraryId(account.id),
            kept: !account.for_good,
        };
        let Ports { clock, ids, .. } = &self.ports;
        outbox::append(txn, crate::NAME, &**clock, &**ids, &event).await?;
        Ok(())
    }

    /// Finishes what [`Accounts::unlink`] began, also after a crash in the middle.
    pub async fn finish_unlinking(&self) -> Result<(), Fault> {
        for account in store::forgotten(self.ports.db.read()).await? {
            while !self
                .remove(account.household_id, account.id, CHUNKS)
                .await?
            {}
        }
        Ok(())
    }

    /// Removes at most so many chunks of an unlinked library; `true` when nothing is left of it.
    async fn remove(&self, household: Uuid, id: Uuid, chunks: usize) -> Result<bool, Fault> {
        for _ in 0..chunks {
            let txn = self
                .ports
                .db
                .begin()
                .await
                .doing("removing a library's copies")?;
            let games = copy::store::delete_some(&txn, id).await?;
            let Some(games) = games else {
                if let Some(account) = store::delete(&txn, id).await? {
                    // Once more, for what an older version had unlinked and not yet removed.
                    self.tell_gone(&txn, &account).await?;
                }
                txn.commit().await.doing("removing a library")?;
                self.ports.bus.poke(outbox::TOPIC);
                return Ok(true);
            };
            holdings::refresh(&txn, &self.ports, household, &games).await?;
            txn.commit().await.doing("removing a library's copies")?;
        }
        Ok(false)
    }
}

/// Whether linking the account again is more than a mistake: its credentials or its standing
/// kept the last sync from working.
fn wants_new_credentials(account: &account::Model) -> bool {
    let code = account.error_code.as_deref().and_then(Code::parse);
    !account.connected || matches!(code, Some(Code::PlatformNotReady | Code::AccountRestricted))
}

/// The copies of one library, for its adapter.
struct Known {
    ports: Ports,
    library: Uuid,
}

#[async_trait::async_trait]
impl KnownCopies for Known {
    async fn held(&self, holding: Holding) -> Result<Vec<Listed>, Fault> {
        let copies = copy::store::held(self.ports.db.read(), self.library, holding).await?;
        let listed = copies.into_iter().filter_map(|copy| {
            Some(Listed {
                store_id: copy.store_id?,
                title: Some(copy.title),
                holding,
                playtime_minutes: copy.playtime_minutes,
                last_played_at: copy.last_played_at,
            })
        });
        Ok(listed.collect())
    }
}

/// What makes a shelf the same shelf: its label, without case and punctuation.
pub fn shelf_key(label: &str) -> String {
    let folded = fold(label);
    if folded.is_empty() {
        label.to_owned()
    } else {
        folded
    }
}

/// A new shelf for files.
pub fn shelf(ports: &Ports, household: Uuid, label: &str) -> account::Model {
    account::Model {
        id: ports.ids.new_id(),
        household_id: household,
        platform: MANUAL.to_owned(),
        account_key: shelf_key(label),
        account: None,
        label: label.to_owned(),
        connected: true,
        error_code: None,
        error_message: None,
        error_said: None,
        created_at: ports.clock.now(),
        forgotten_at: None,
        for_good: false,
    }
}

fn checked(description: &Description, typed: Vec<(String, String)>) -> Result<Fields, LinkError> {
    let invalid = |name: &str, message: String| LinkError::Invalid {
        field: format!("input.fields.{}", copy::clean(name, 40)),
        message,
    };
    let mut fields = Fields::new();
    for (name, value) in typed {
        let Some(field) = description.fields.iter().find(|field| field.name == name) else {
            let message = format!("{} asks for no such field", description.name);
            return Err(invalid(&name, message));
        };
        let value = value.trim();
        if value.chars().count() > MAX_VALUE {
            return Err(invalid(&name, format!("at most {MAX_VALUE} characters")));
        }
        if value.is_empty() {
            continue;
        }
        let value = match field.kind {
            FieldKind::Text => value.to_owned(),
            FieldKind::Switch => switched(value)
                .ok_or_else(|| invalid(&name, "send `true` or `false`".to_owned()))?
                .to_string(),
        };
        if fields.insert(name.clone(), value).is_some() {
            return Err(invalid(&name, "given twice".to_owned()));
        }
    }
    for field in &description.fields {
        if field.required && !fields.contains_key(field.name) {
            return Err(invalid(
                field.name,
                format!("{} is needed. {}", field.label, field.help),
            ));
        }
    }
    Ok(fields)
}

/// What was sent for a switch: `yes` and `no` are what a text was asked for once.
fn switched(sent: &str) -> Option<bool> {
    match &*sent.to_ascii_lowercase() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}
