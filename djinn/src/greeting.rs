//! What the hub says at the terminal when it has started.

use crate::{
    config::{AuthMode, Config, LOCAL},
    print,
    start::StartError,
};
use djinn_subgraph_kit::Ports;

/// Where this process listens. With port 0 the system chose one, so the listener is asked.
fn place(config: &Config, port: u16) -> String {
    let host = match config.server.host.as_str() {
        "127.0.0.1" | "0.0.0.0" | "::" | "::1" => "localhost",
        host => host,
    };
    format!("http://{host}:{port}")
}

/// Says where the hub is, and how to set it up while it waits for an owner.
pub async fn greet(config: &Config, ports: &Ports, port: u16) -> Result<(), StartError> {
    let place = place(config, port);
    let address = config.server.public_url.as_ref().unwrap_or(&place);
    print(&format!(
        "\n  Game Djinn {} is at {address}\n",
        env!("CARGO_PKG_VERSION")
    ));
    if *address != place {
        print(&format!("  It listens at {place}\n"));
    }
    if config.subgraphs.session == LOCAL {
        greet_setup(config, ports, address).await?;
    }
    print("\n");
    Ok(())
}

/// Prints the one-time setup link, while the hub has no owner.
pub async fn greet_setup(config: &Config, ports: &Ports, address: &str) -> Result<(), StartError> {
    if config.auth.mode == AuthMode::Password
        && let Some(token) = djinn_session::setup_link_token(ports)
            .await
            .map_err(StartError::Fault)?
    {
        print(&format!(
            "  Set it up within 30 minutes: {address}/setup?token={token}\n"
        ));
    }
    Ok(())
}
