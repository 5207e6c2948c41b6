//! Pictures of games: where providers have them, and our own copies of them.
//!
//! A browser is never sent elsewhere: the hub fetches a picture once, makes it small, keeps it, and
//! serves it under an address that cannot be guessed ([`token`]). Which picture is shown of several
//! is decided here (`rank`), and from which hosts any may come ([`HOSTS`]).

pub mod choice;
pub mod choose;
pub mod entity;
pub mod gallery;
pub mod graphql;
pub mod jpeg;
pub mod loader;
pub mod own;
pub mod picture;
pub mod store;
pub mod token;

use crate::game::{Said, Source};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The hosts pictures may come from: those that providers name. With a dot before it, every host
/// below that name.
pub const HOSTS: [&str; 5] = [
    ".steamstatic.com",
    "steamcdn-a.akamaihd.net",
    "images.igdb.com",
    "media.rawg.io",
    "images.gog.com",
];

/// The widths a picture may be asked for in, so that there are few of each.
pub const WIDTHS: [u32; 8] = [160, 240, 320, 480, 640, 960, 1280, 1920];

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Upright, for a grid.
    Cover = 0,
    /// Wide, for a list.
    Header = 1,
    /// Large, behind a page.
    Hero = 2,
    /// From the game.
    Screenshot = 3,
}

/// Where a picture may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// What it is for.
    pub role: Role,
    /// The lower, the sooner it is shown.
    pub rank: i16,
    /// Who has it.
    pub source: Source,
    /// Where: an address, or `steam:` with a product's number and a file's name.
    pub address: String,
}

impl Proposal {
    /// The id of this picture of this game: the same whenever it is proposed.
    pub fn id(&self, game: Uuid) -> Uuid {
        let mut hash = Sha256::new();
        hash.update(game.as_bytes());
        hash.update([self.role as u8]);
        hash.update(self.address.as_bytes());
        let hash = hash.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

/// How soon a source's picture is shown. Guesses of Steam's own library pictures are the first:
/// they are what its people know, and where there is none the next takes its place.
const fn rank(source: Source) -> i16 {
    match source {
        Source::Person => 0,
        Source::Igdb => 20,
        Source::SteamStore => 30,
        Source::Gog => 35,
        Source::Rawg => 40,
        Source::Platform | Source::Import => 50,
    }
}

/// The rank of a guess.
const GUESSED: i16 = 10;

/// The pictures that sources speak of.
pub fn proposals(said: &BTreeMap<Source, Said>) -> Vec<Proposal> {
    let mut all = Vec::new();
    for (source, said) in said {
        let found = &said.findings;
        let single = [
            (Role::Cover, &found.cover_art),
            (Role::Header, &found.header_art),
            (Role::Hero, &found.hero_art),
        ];
        for (role, address) in single {
            all.extend(address.iter().map(|address| Proposal {
                role,
                rank: rank(*source),
                source: *source,
                address: address.clone(),
            }));
        }
    }
    // Screenshots come from one source, in its order: two would show the same ones twice.
    let best = said
        .iter()
        .filter(|(_, said)| !said.findings.screenshots.is_empty())
        .min_by_key(|(source, _)| match source {
            Source::SteamStore => 0,
            other => rank(**other),
        });
    if let Some((source, said)) = best {
        let shots = said.findings.screenshots.iter().zip(0_i16..);
        all.extend(shots.map(|(address, rank)| Proposal {
            role: Role::Screenshot,
            rank,
            source: *source,
            address: address.clone(),
        }));
    }
    all
}

/// Where Steam keeps the pictures of its library, as a rule. Some products have none there: then
/// the guess is found out at the first look.
pub fn guesses(appid: &str) -> Vec<Proposal> {
    let usable = (1..=10).contains(&appid.len()) && appid.bytes().all(|b| b.is_ascii_digit());
    if !usable {
        return Vec::new();
    }
    let files = [
        (Role::Cover, GUESSED, "library_600x900.jpg"),
        // The store's page says where its header is; until it was read, this is where most are.
        (Role::Header, 60, "header.jpg"),
        (Role::Hero, GUESSED, "library_hero.jpg"),
    ];
    files
        .into_iter()
        .map(|(role, rank, file)| Proposal {
            role,
            rank,
            source: Source::SteamStore,
            address: format!("{GUESS}{appid}/{file}"),
        })
        .collect()
}

/// What a guess begins with, in place of the address of Steam's pictures.
pub const GUESS: &str = "steam:";
/// Before the address of an offered picture that a person chose: a picture of its own, so that the
/// choice outlives the offer.
pub const CHOSEN: &str = "chosen:";
/// Before the id of a picture that a person brought, which the hub itself keeps.
pub const OWN: &str = "own:";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::Findings;

    #[test]
    fn screenshots_come_from_one_source_and_covers_from_all() {
        let says = |cover: &str, shots: &[&str]| Said {
            findings: Findings {
                cover_art: Some(cover.to_owned()),
                screenshots: shots.iter().map(|shot| (*shot).to_owned()).collect(),
                ..Findings::default()
            },
            ..Said::default()
        };
        let said = BTreeMap::from([
            (Source::Igdb, says("https://i/1", &["https://i/2"])),
            (
                Source::SteamStore,
                says("https://s/1", &["https://s/2", "https://s/3"]),
            ),
        ]);
        let all = proposals(&said);
        let of = |role| -> Vec<&str> {
            let mut of: Vec<_> = all.iter().filter(|p| p.role == role).collect();
            of.sort_by_key(|proposal| proposal.rank);
            of.iter().map(|proposal| &*proposal.address).collect()
        };
        assert_eq!(of(Role::Cover), ["https://i/1", "https://s/1"]);
        assert_eq!(of(Role::Screenshot), ["https://s/2", "https://s/3"]);
    }

    #[test]
    fn only_a_number_is_guessed_about() {
        assert_eq!(guesses("70").len(), 3);
        for hostile in ["", "../../etc", "70/..", "12345678901", "7 0"] {
            assert!(guesses(hostile).is_empty(), "{hostile}");
        }
    }
}
