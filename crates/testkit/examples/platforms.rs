//! Serves the stand-ins for Xbox, PlayStation, GOG and Epic, for trying the hub by hand: `cargo run
//! -p djinn-testkit --example platforms -- 9200`. Each takes the next port.

#![expect(clippy::print_stdout, reason = "it tells the person how to use it")]

use djinn_testkit::{
    epic::{self, Epic},
    gog::{self, Gog},
    psn::{self, Psn},
    xbox::{self, Xbox},
};

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let port: u16 = port.unwrap_or(9200);
    let (on_xbox, on_psn, on_gog, on_epic) = (Xbox::new(), Psn::new(), Gog::new(), Epic::new());
    on_xbox.played(vec![
        xbox::title(219_630_713, "Halo 5: Guardians", 1_234),
        xbox::title(1_717_113_201, "Sea of Thieves", 90),
    ]);
    on_psn.has(vec![psn::game("CUSA00900_00", "Bloodborne", Some("PT40H"))]);
    on_gog.has(vec![gog::product(1_207_658_930, "The Witcher", Some(600))]);
    on_epic.has(vec![epic::item("Grouse", "Hatoful Boyfriend", 7_260)]);
    let at = on_xbox.serve(port).await;
    println!("Xbox: code {}…  DJINN__XBOX__CLIENT_ID=an-app", xbox::CODE);
    for part in [
        "login",
        "user",
        "xsts",
        "titlehub",
        "userstats",
        "achievements",
    ] {
        println!(
            "  DJINN__XBOX__{}_URL=http://{at}/{part}",
            part.to_uppercase()
        );
    }
    let at = on_psn.serve(port + 1).await;
    println!("PlayStation: npsso {}", psn::NPSSO);
    for part in ["account", "mobile", "web", "profile"] {
        println!(
            "  DJINN__PLAYSTATION__{}_URL=http://{at}/{part}",
            part.to_uppercase()
        );
    }
    let at = on_gog.serve(port + 2).await;
    println!("GOG: code {}…", gog::CODE);
    for part in ["auth", "embed", "www"] {
        println!(
            "  DJINN__GOG__{}_URL=http://{at}/{part}",
            part.to_uppercase()
        );
    }
    let at = on_epic.serve(port + 3).await;
    println!("Epic: code {}…", epic::CODE);
    for part in ["account", "library", "catalog"] {
        println!(
            "  DJINN__EPIC__{}_URL=http://{at}/{part}",
            part.to_uppercase()
        );
    }
    if let Err(error) = tokio::signal::ctrl_c().await {
        println!("cannot wait: {error}");
    }
}
