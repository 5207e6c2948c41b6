//! A made-up library: the same for the same size, and known here, so that answers can be checked.

use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
};

const ADJECTIVES: &str = "Amber Ancient Arcane Ashen Bitter Blazing Boundless Broken Cobalt Cosmic Crimson Crooked Cursed Distant \
    Drifting Electric Emerald Endless Fallen Feral Forgotten Frozen Gentle Gilded Hidden Hollow Howling Infinite Ivory Jagged Lonely \
    Lunar Marble Midnight Mystic Nimble Obsidian Pale Phantom Quiet Radiant Restless Rusty Sacred Scarlet Shattered Silent Solar Spectral \
    Stormy Sunken Twilight Velvet Violet Wandering Wicked Wild Wooden";
const NOUNS: &str = "Abyss Alchemist Anvil Archipelago Armada Asylum Bastion Beacon Bridge Caravan Carnival Castle Cathedral Chalice \
    Colony Compass Crusade Desert Dragon Dungeon Eclipse Empire Engine Expanse Falcon Forest Fortress Frontier Garden Glacier Gondola \
    Harbour Harvest Horizon Island Jungle Kingdom Labyrinth Lantern Legion Lighthouse Machine Meadow Mirror Monarch Mountain Nebula \
    Observatory Oracle Orchard Outpost Pilgrim Planet Prophet Pyramid Railway Reactor Requiem Sanctum Serpent Shadow Skyline Symphony \
    Temple Thunder Tournament Vagabond Valley Village Voyage Warden Whisper Zeppelin";
/// Every genre there is here.
pub const GENRES: [&str; 12] = [
    "Action",
    "Adventure",
    "Casual",
    "Horror",
    "Indie",
    "Platformer",
    "Puzzle",
    "Racing",
    "RPG",
    "Simulation",
    "Sports",
    "Strategy",
];
const TAGS: [&str; 8] = [
    "atmospheric",
    "classic",
    "co-op",
    "relaxing",
    "sci-fi",
    "short",
    "story rich",
    "turn-based",
];
/// Platforms, as files and as people write them.
pub const PLATFORMS: [(&str, &str); 5] = [
    ("steam", "Steam"),
    ("gog", "GOG"),
    ("epic", "Epic Games Store"),
    ("xbox", "Xbox"),
    ("playstation", "PlayStation"),
];
/// ESRB ratings, mildest first, as files and as the graph write them.
pub const RATINGS: [(&str, &str); 4] = [
    ("E", "EVERYONE"),
    ("E10+", "EVERYONE_10"),
    ("T", "TEEN"),
    ("M", "MATURE"),
];
/// Statuses of games that were played.
pub const STATUSES: [&str; 4] = ["playing", "completed", "on_hold", "abandoned"];

/// SplitMix64: the same numbers everywhere, and enough for this.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// With a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// From 0 to `sides - 1`.
    pub const fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    /// One of them.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

/// What the hub should know of one game.
#[derive(Debug, Clone)]
pub struct Game {
    /// Unlike all others.
    pub title: String,
    /// One, or two: indexes into [`PLATFORMS`].
    pub platforms: Vec<usize>,
    /// Of release.
    pub year: i64,
    /// One to three.
    pub genres: Vec<&'static str>,
    /// An index into [`RATINGS`]; every sixth game has none.
    pub rating: Option<usize>,
    /// Played.
    pub minutes: i64,
    /// As it was imported.
    pub status: &'static str,
    tag: &'static str,
    studio: String,
    story: usize,
}

/// All games.
pub struct Library {
    /// In the order of the file.
    pub games: Vec<Game>,
    by_title: HashMap<String, usize>,
}

impl Library {
    /// A library of that many games.
    pub fn of(count: usize) -> Self {
        let mut dice = Dice::new(20_251_120);
        let (adjectives, nouns): (Vec<&str>, Vec<&str>) = (
            ADJECTIVES.split_whitespace().collect(),
            NOUNS.split_whitespace().collect(),
        );
        let mut taken = HashSet::new();
        let mut games: Vec<Game> = Vec::with_capacity(count);
        while games.len() < count {
            let title = title(&mut dice, &adjectives, &nouns);
            if !taken.insert(title.clone()) {
                continue;
            }
            let studio = format!(
                "{} {} Studio",
                dice.pick(&adjectives[..20]),
                dice.pick(&nouns[..20])
            );
            let game = Game::made_up(title, studio, &mut dice);
            // Every seventh has a sequel, which a search has to tell from it.
            let sequel = format!("{} II", game.title);
            if dice.roll(7) == 0 && games.len() + 1 < count && taken.insert(sequel.clone()) {
                games.push(Game::made_up(sequel, game.studio.clone(), &mut dice));
            }
            games.push(game);
        }
        let by_title = games
            .iter()
            .enumerate()
            .map(|(i, game)| (game.title.clone(), i))
            .collect();
        Self { games, by_title }
    }

    /// A library of that many copies.
    pub fn of_rows(rows: usize) -> Self {
        let mut library = Self::of(rows);
        let mut left = rows;
        for game in &mut library.games {
            game.platforms.truncate(left);
            left -= game.platforms.len();
        }
        library.games.retain(|game| !game.platforms.is_empty());
        let titles = library.games.iter().enumerate();
        library.by_title = titles.map(|(i, game)| (game.title.clone(), i)).collect();
        library
    }

    /// The game of that title.
    pub fn titled(&self, title: &Value) -> Option<&Game> {
        self.by_title.get(title.as_str()?).map(|i| &self.games[*i])
    }

    /// How many copies the games are held in.
    pub fn copies(&self) -> usize {
        self.games.iter().map(|game| game.platforms.len()).sum()
    }

    /// As a person would have it from another collection.
    pub fn csv(&self) -> String {
        let mut csv = "title,platform,year,genres,developer,esrb,playtime_minutes,main_story_minutes,status,tags\n".to_owned();
        for game in &self.games {
            for (n, platform) in game.platforms.iter().enumerate() {
                let rating = game.rating.map_or("", |rating| RATINGS[rating].0);
                let minutes = if n == 0 { game.minutes } else { 0 };
                let (title, platform, year, genres) = (
                    &game.title,
                    PLATFORMS[*platform].0,
                    game.year,
                    game.genres.join(";"),
                );
                let (studio, story, status, tag) =
                    (&game.studio, game.story, game.status, game.tag);
                // Writing to a text cannot fail.
                let _ = writeln!(
                    csv,
                    "{title},{platform},{year},{genres},{studio},{rating},{minutes},{story},{status},{tag}"
                );
            }
        }
        csv
    }
}

impl Game {
    fn made_up(title: String, studio: String, dice: &mut Dice) -> Self {
        let first = dice.roll(PLATFORMS.len());
        // Every twentieth is held twice.
        let second = (dice.roll(20) == 0).then(|| (first + 1) % PLATFORMS.len());
        let mut genres: Vec<&'static str> =
            (0..=dice.roll(3)).map(|_| dice.pick(&GENRES)).collect();
        genres.sort_unstable();
        genres.dedup();
        let rating = Some(dice.roll(5))
            .filter(|_| dice.roll(6) != 0)
            .map(|rating| rating.min(RATINGS.len() - 1));
        // Like most collections, a good third was never played.
        let minutes = if dice.roll(5) < 2 {
            0
        } else {
            5 + dice.roll(6_000) as i64
        };
        let status = if minutes == 0 {
            "unplayed"
        } else {
            dice.pick(&STATUSES)
        };
        let (tag, story) = (dice.pick(&TAGS), 60 + 30 * dice.roll(100));
        let platforms = [first].into_iter().chain(second).collect();
        Self {
            title,
            platforms,
            year: 1985 + dice.roll(40) as i64,
            genres,
            rating,
            minutes,
            status,
            tag,
            studio,
            story,
        }
    }
}

fn title(dice: &mut Dice, adjectives: &[&str], nouns: &[&str]) -> String {
    let (adjective, noun) = (dice.pick(adjectives), dice.pick(nouns));
    match dice.roll(4) {
        0 => format!("{adjective} {noun}"),
        1 => format!(
            "{noun} of the {} {}",
            dice.pick(adjectives),
            dice.pick(nouns)
        ),
        2 => format!(
            "{adjective} {noun}: {} {}",
            dice.pick(adjectives),
            dice.pick(nouns)
        ),
        _ => format!("{noun} and {}", dice.pick(nouns)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_the_same_each_time_and_fits_through_the_door() {
        let library = Library::of(10_000);
        let csv = library.csv();
        assert_eq!(csv, Library::of(10_000).csv());
        assert!(csv.len() < 8 << 20 && csv.lines().count() == library.copies() + 1);
    }

    #[test]
    fn a_library_has_as_many_copies_as_asked() {
        let library = Library::of_rows(1_000);
        assert_eq!(
            (library.copies(), library.games.len() < 1_000),
            (1_000, true)
        );
        assert!(
            library
                .titled(&library.games[0].title.clone().into())
                .is_some()
        );
    }

    #[test]
    fn no_two_titles_are_one_to_somebody_who_ignores_case_and_signs() {
        let library = Library::of(10_000);
        let folded = |game: &Game| game.title.to_lowercase().replace(':', "");
        let titles: HashSet<String> = library.games.iter().map(folded).collect();
        assert_eq!(titles.len(), 10_000);
    }
}
