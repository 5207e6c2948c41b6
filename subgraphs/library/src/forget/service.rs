//! Forgetting a library.

use super::{ForgetError, store};
use crate::{
    account::{self, Accounts},
    copy,
    export::file,
    game, sync,
};
use djinn_kernel::{
    Doing,
    event::GameHidden,
    ids::{GameId, LibraryId, PlayerId},
};
use djinn_subgraph_kit::Ports;
use uuid::Uuid;

/// What was forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Copies.
    pub copies: u64,
    /// Days on which they were played.
    pub play_days: u64,
    /// Sealed secrets, whose keys are destroyed.
    pub secrets: u64,
    /// Syncs and imports, with what was staged of them.
    pub syncs: u64,
    /// Games that are held nowhere else, whose marks, notes and history went with them.
    pub games: u64,
    /// What files had said that still waited for its game.
    pub waiting: u64,
}

/// The use case of forgetting.
#[derive(Clone)]
pub struct Forgets {
    ports: Ports,
    accounts: Accounts,
}

impl Forgets {
    /// With these ports.
    pub const fn new(ports: Ports, accounts: Accounts) -> Self {
        Self { ports, accounts }
    }

    /// Forgets a library of the household.
    ///
    /// Unlinking keeps what was said of its games, in case it comes back; this does not. The key of
    /// every secret is destroyed before its row is deleted, so that a page of the database that
    /// outlives it, or a copy that is made in between, holds nothing that opens.
    pub async fn forget(&self, household: Uuid, library: &str) -> Result<Forgotten, ForgetError> {
        let library = LibraryId::parse(library)?.0;
        let txn = self.ports.db.begin().await.doing("forgetting a library")?;
        // The run before the account, as the worker does: else the two could wait for each other.
        sync::store::lock_latest(&txn, library).await?;
        if account::store::get(&txn, household, library)
            .await?
            .is_none()
        {
            return Err(ForgetError::NotFound);
        }
        let mut forgotten = Forgotten {
            copies: store::copies(&txn, library).await?,
            syncs: sync::store::count(&txn, library).await?,
            ..Forgotten::default()
        };
        for secret in store::secrets(&txn, library).await? {
            let mut sealed = secret.sealed.clone();
            self.ports.vault.shred(&mut sealed);
            store::overwrite(&txn, secret, sealed).await?;
            forgotten.secrets += 1;
        }
        let rev = game::store::bump(&txn, household).await?;
        let touched = copy::store::games(&txn, library).await?;
        let only_here = store::only_here(&txn, household, library).await?;
        forgotten.play_days = store::play(&txn, library).await?;
        store::achievements(&txn, library).await?;
        forgotten.waiting = store::words(&txn, library).await?;
        store::delete_copies(&txn, library).await?;
        // Whoever finishes it: from here on nothing of it is to be kept anywhere.
        account::store::note_for_good(&txn, library).await?;
        game::holdings::refresh(&txn, &self.ports, household, &touched).await?;
        let only_here = store::with_merged(&txn, household, only_here).await?;
        // After the last copy is gone: a copy that is still there would say something again.
        let hidden = store::hidden(&txn, household, &only_here).await?;
        forgotten.games = store::said(&txn, household, &only_here, rev).await?;
        let shown = hidden.into_iter().map(|(game, revision)| GameHidden {
            household: PlayerId(household),
            game: GameId(game),
            revision: revision + 1,
            hidden: false,
        });
        let shown: Vec<GameHidden> = shown.collect();
        game::holdings::tell_hidden(&txn, &self.ports, &shown).await?;
        // Files on their way may hold what is to be forgotten.
        let files = file::store::of(&txn, household).await?;
        file::store::delete(&txn, &files).await?;
        txn.commit().await.doing("forgetting a library")?;
        // What is left is an empty library. A crash before this leaves one that can be forgotten
        // again; one in it is finished by the worker.
        match self.accounts.unlink(household, library).await {
            Ok(()) | Err(account::UnlinkError::NotFound) => Ok(forgotten),
            Err(account::UnlinkError::Internal(fault)) => Err(fault.into()),
        }
    }
}
