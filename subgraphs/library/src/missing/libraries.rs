//! What the libraries themselves say, whatever is looked for. The platforms' words about a failed
//! sync are those that `libraries` shows anyway.

use super::{Kind, Reason};
use crate::{
    account::entity::account,
    platform::{MANUAL, Registry},
    search::service::platform_name,
    sync::{SyncState, entity::run},
};

/// A library by name: `Steam (Mine)`.
pub fn named(account: &account::Model, registry: &Registry) -> String {
    let platform = platform_name(registry, &account.platform);
    if account.label == platform {
        platform
    } else {
        format!("{platform} ({})", account.label)
    }
}

/// What keeps the games of one library away, or may; nothing of a shelf, which is filled by hand
/// or from files.
pub fn reason(
    account: &account::Model,
    run: Option<&run::Model>,
    registry: &Registry,
) -> Option<Reason> {
    registry.adapter(&account.platform)?;
    let name = named(account, registry);
    let of_run = |kind, text| Reason::new(kind, text).at(run.map(|run| run.started_at));
    let reason = match run {
        Some(run) if !run.state.is_final() && !run.stage.is_settled() => {
            let text = if run.state == SyncState::Waiting {
                format!("{name} is being read and waits for its platform; it goes on by itself.")
            } else {
                format!("{name} is being read just now; its games come as it goes.")
            };
            of_run(Kind::SyncRunning, text)
        }
        _ if !account.connected => {
            let text = format!("{name} refuses the credentials; link the account again.");
            of_run(Kind::NotConnected, text)
        }
        _ if account.error_code.is_some() => {
            let message = account.error_message.as_deref().unwrap_or_default();
            let text = format!("The last sync of {name} failed: {message}");
            of_run(Kind::SyncFailed, text)
        }
        None => {
            let text = format!("{name} is linked and was never read; sync it.");
            Reason::new(Kind::NeverSynced, text)
        }
        Some(_) => {
            let text =
                format!("What came to {name} after it was last read comes with its next sync.");
            of_run(Kind::SyncedBefore, text)
        }
    };
    Some(reason.of_library(account.id))
}

/// What is said where no library could hold it.
pub fn not_linked(platform: Option<&str>, registry: &Registry) -> Reason {
    let text = match platform {
        None => "No library is linked yet.".to_owned(),
        Some(id) if registry.adapter(id).is_some() => {
            format!("No library of {} is linked.", platform_name(registry, id))
        }
        Some(MANUAL) => "No game was entered by hand or imported from a file yet.".to_owned(),
        Some(id) => {
            let name = platform_name(registry, id);
            format!("Games of {name} are entered by hand or come from files; it cannot be linked.")
        }
    };
    Reason::new(Kind::NotLinked, text)
}
