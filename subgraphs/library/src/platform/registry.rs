//! The platforms this hub knows.

use super::{
    Description, MANUAL, PlatformAdapter, epic::Epic, gog::Gog, graphql::PlatformKind, manual,
    playstation::PlayStation, steam::Steam, xbox::Xbox,
};
use crate::config::Config;
use djinn_subgraph_kit::Ports;
use std::sync::Arc;

/// The platforms this hub knows, in the order they are offered.
#[derive(Clone)]
pub struct Registry {
    described: Arc<[Description]>,
    adapters: Arc<[Arc<dyn PlatformAdapter>]>,
}

impl Registry {
    /// All of them, as configured.
    pub fn new(ports: &Ports, config: &Config) -> Self {
        let adapters: Vec<Arc<dyn PlatformAdapter>> = vec![
            Arc::new(Steam::new(ports.clone(), config.steam.clone())),
            Arc::new(Xbox::new(ports.clone(), config.xbox.clone())),
            Arc::new(PlayStation::new(ports.clone(), config.playstation.clone())),
            Arc::new(Gog::new(ports.clone(), config.gog.clone())),
            Arc::new(Epic::new(ports.clone(), config.epic.clone())),
        ];
        let mut described: Vec<_> = adapters
            .iter()
            .map(|adapter| adapter.describe().clone())
            .collect();
        described.push(manual::describe());
        Self {
            described: described.into(),
            adapters: adapters.into(),
        }
    }

    /// Every platform that libraries can be of.
    pub fn all(&self) -> &[Description] {
        &self.described
    }

    /// One of them.
    pub fn get(&self, id: &str) -> Option<&Description> {
        self.described.iter().find(|platform| platform.id == id)
    }

    /// What can be said about any platform a copy names, also one that only people and files know.
    pub fn describe(&self, id: &str) -> Description {
        self.get(id).cloned().unwrap_or_else(|| Description {
            id: id.to_owned(),
            name: name_of(id),
            kind: PlatformKind::Store,
            can_sync: false,
            help: "Games of this platform are entered by hand or come from files.".to_owned(),
            authorize_url: None,
            setup: None,
            fields: Vec::new(),
            limits: Vec::new(),
        })
    }

    /// What reads accounts of that platform.
    pub fn adapter(&self, id: &str) -> Option<&Arc<dyn PlatformAdapter>> {
        self.adapters
            .iter()
            .find(|adapter| adapter.describe().id == id)
    }
}

/// Platforms that import files name in several ways: id, name, and the other spellings, folded.
const KNOWN: &[(&str, &str, &[&str])] = &[
    ("steam", "Steam", &[]),
    (MANUAL, "Manual", &["", "other", "none"]),
    ("gog", "GOG", &["gogcom", "goggalaxy"]),
    (
        "epic",
        "Epic Games Store",
        &["epicgames", "epicgamesstore", "egs"],
    ),
    ("xbox", "Xbox", &["microsoftstore", "xboxgamepass"]),
    ("playstation", "PlayStation", &["psn", "playstationnetwork"]),
    ("nes", "NES", &["nintendoentertainmentsystem", "famicom"]),
    (
        "snes",
        "SNES",
        &[
            "supernintendo",
            "supernintendoentertainmentsystem",
            "superfamicom",
        ],
    ),
    ("n64", "Nintendo 64", &["nintendo64"]),
    ("gamecube", "GameCube", &["nintendogamecube"]),
    ("wii", "Wii", &["nintendowii"]),
    ("wii-u", "Wii U", &["nintendowiiu"]),
    ("gb", "Game Boy", &["nintendogameboy"]),
    ("gba", "Game Boy Advance", &["nintendogameboyadvance"]),
    ("nds", "Nintendo DS", &["ds"]),
    ("3ds", "Nintendo 3DS", &[]),
    (
        "mega-drive",
        "Mega Drive",
        &["segamegadrive", "genesis", "segagenesis"],
    ),
    ("psp", "PSP", &["sonypsp", "playstationportable"]),
    ("vita", "PlayStation Vita", &["psvita"]),
    (
        "ps1",
        "PlayStation 1",
        &["playstation1", "psx", "sonyplaystation"],
    ),
    (
        "ps2",
        "PlayStation 2",
        &["playstation2", "sonyplaystation2"],
    ),
    (
        "ps3",
        "PlayStation 3",
        &["playstation3", "sonyplaystation3"],
    ),
    ("xbox-360", "Xbox 360", &["microsoftxbox360"]),
    ("xbox-one", "Xbox One", &["microsoftxboxone"]),
    (
        "ps4",
        "PlayStation 4",
        &["playstation4", "sonyplaystation4"],
    ),
    (
        "ps5",
        "PlayStation 5",
        &["playstation5", "sonyplaystation5"],
    ),
    ("switch", "Nintendo Switch", &["nintendoswitch"]),
    ("nintendo", "Nintendo", &[]),
    ("pc", "PC", &["pcwindows", "windows"]),
    ("itch", "itch.io", &["itchio"]),
    ("ubisoft", "Ubisoft Connect", &["uplay", "ubisoftconnect"]),
    ("ea", "EA app", &["origin", "eaapp"]),
    ("battlenet", "Battle.net", &["blizzard"]),
    ("humble", "Humble", &["humblebundle"]),
    ("amazon", "Amazon Games", &["amazongames"]),
];

/// The id of a platform as a file or person writes it: known spellings become one, others are
/// kept as they are, in small letters with dashes.
pub fn slug(written: &str) -> String {
    let folded = crate::copy::fold(written);
    if let Some((id, ..)) = KNOWN.iter().find(|(id, name, others)| {
        *id == folded || crate::copy::fold(name) == folded || others.contains(&&*folded)
    }) {
        return (*id).to_owned();
    }
    let words: Vec<String> = written
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    words.join("-").chars().take(40).collect()
}

/// The name of a platform, for people; an unknown one's id with capitals.
pub fn name_of(id: &str) -> String {
    if let Some((_, name, _)) = KNOWN.iter().find(|(known, ..)| *known == id) {
        return (*name).to_owned();
    }
    let words: Vec<String> = id
        .split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect()
            })
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_one_platform_become_one() {
        for written in ["Steam", " STEAM ", "steam"] {
            assert_eq!(slug(written), "steam");
        }
        assert_eq!(slug("GOG.com"), "gog");
        assert_eq!(slug("Nintendo Switch"), "switch");
        assert_eq!(slug("Epic Games Store"), "epic");
        assert_eq!(slug(""), MANUAL);
    }

    #[test]
    fn an_unknown_platform_keeps_its_own_name() {
        assert_eq!(slug("Amstrad  CPC!"), "amstrad-cpc");
        assert_eq!(name_of("amstrad-cpc"), "Amstrad Cpc");
    }
}
