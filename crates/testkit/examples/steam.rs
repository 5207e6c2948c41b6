//! Serves the stand-in for Steam, for trying the hub by hand: `cargo run -p djinn-testkit --example
//! steam -- 9100 [rough]`. With `rough` it is in a bad mood every now and then.

#![expect(clippy::print_stdout, reason = "it tells the person how to use it")]

use djinn_testkit::steam::{ACCOUNT, EMPTY, KEY, Mood, PRIVATE, Steam, VANITY};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let port = arguments
        .next()
        .and_then(|port| port.parse().ok())
        .unwrap_or(9100);
    let steam = Steam::new();
    if arguments.next().as_deref() == Some("rough") {
        steam.owned_moods([Mood::TooMany(Some(2)), Mood::Down, Mood::Truncated]);
        // Not `null`: the hub rests five minutes after each, which is right but long to watch.
        let moods = [Mood::TooMany(Some(1)), Mood::Down, Mood::Truncated];
        steam.page_moods(moods.into_iter().cycle().take(12));
    }
    let address = steam.serve(port).await;
    println!("Steam's stand-in is at http://{address}");
    println!(
        "  key {KEY}   account {ACCOUNT} or vanity name {VANITY}   private {PRIVATE}   empty {EMPTY}"
    );
    println!(
        "  DJINN__STEAM__API_URL=http://{address} DJINN__STEAM__STORE_URL=http://{address} djinn serve"
    );
    if let Err(error) = tokio::signal::ctrl_c().await {
        println!("cannot wait: {error}");
    }
}
