//! The session subgraph: who people are, and where they meet.
//!
//! It owns players and child profiles, logins (setup, passwords, rotating refresh tokens, access
//! tokens, revocation), invites, API keys, and rooms with their members, state and log. It is the one
//! place that says whom a credential belongs to ([`identify`](login)).
//!
//! It deliberately does not own what people play or how well: libraries, games and boards extend
//! `Player` from their own subgraphs.
//!
//! Invariants: no secret is stored, only hashes; a login or key that was ended stays ended, also
//! after a restart; every change of a room is one transaction that raises its revision and writes
//! its log.

mod config;
mod invite;
mod key;
pub mod login;
mod parked;
mod player;
mod room;
mod schema;
mod sweep;

pub use config::{Auth, Config};
pub use schema::Session;

use djinn_kernel::{Fault, viewer::Identity};
use djinn_subgraph_kit::Ports;

/// The topic poked whenever a login or key ended, or a profile changed: whoever keeps an answer of
/// `identify` must forget it then.
pub const LOGINS_TOPIC: &str = "logins";

/// Issues a fresh one-time setup token, good for 30 minutes, and makes any older one worthless.
/// `None` when the hub has its admin already. Called once at start-up, to print the link.
pub async fn setup_link_token(ports: &Ports) -> Result<Option<String>, Fault> {
    login::setup::issue_token(ports).await
}

/// The implicit admin of a hub that asks nobody for a password; made at the first call.
pub async fn sole_admin(ports: &Ports) -> Result<Identity, Fault> {
    login::setup::sole_admin(ports).await
}

/// The hub's owner: its first admin, once the setup is done.
pub async fn owner(ports: &Ports) -> Result<Option<Identity>, Fault> {
    login::setup::owner(ports).await
}

/// The account that signs in by this name, with all that its role allows.
pub async fn account(ports: &Ports, name: &str) -> Result<Option<Identity>, Fault> {
    let Ok(name) = player::Name::parse(name) else {
        return Ok(None);
    };
    let account = player::store::by_name(ports.db.read(), &name.key).await?;
    Ok(account.map(|account| account.identity(None)))
}
