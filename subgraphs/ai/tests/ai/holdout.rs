//! Measures recommendations against popularity, on playtime that was held out.
//!
//! The data is made up, but not easy: players have mixed tastes, buy what is popular and what
//! comes in bundles, play by taste, by quality and by fashion, and like things no feature tells.
//! A tenth of the games have no tags, and a fifth of all tags are noise. Everything is seeded, so
//! the figures are the same in every run.

use djinn_ai::{
    recommend::{Criteria, Person, Shelf, Taste, Wish, rank},
    taste::{Facts, Held, Play, Status},
};
use djinn_kernel::{Rated, ids::GameId};
use uuid::Uuid;

const GAMES: usize = 700;
const PLAYERS: usize = 120;
const STYLES: usize = 12;
const TOP: usize = 10;

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// About a normal distribution: twelve uniforms.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

struct World {
    games: Vec<Held>,
    styles: Vec<[f64; STYLES]>,
    quality: Vec<f64>,
    fame: Vec<f64>,
    maker: Vec<usize>,
}

fn world(dice: &mut Dice) -> World {
    let mut world = World {
        games: vec![],
        styles: vec![],
        quality: vec![],
        fame: vec![],
        maker: vec![],
    };
    for n in 0..GAMES {
        let style = dice.below(STYLES);
        let second = dice.below(STYLES);
        let mut styles = [0.0; STYLES];
        styles[style] += 0.75;
        styles[second] += 0.25;
        let quality = dice.normal();
        // Twelve genres of two styles each, overlapping; seven tags of its own for every style.
        let genres = vec![
            format!("Genre {}", style / 2),
            format!("Genre {}", 6 + second / 2),
        ];
        let mut tags = Vec::new();
        for _ in 0..6 {
            let of = if dice.chance(0.75) { style } else { second };
            let tag = if dice.chance(0.2) {
                dice.below(STYLES * 7)
            } else {
                of * 7 + dice.below(7)
            };
            tags.push(format!("Tag {tag}"));
        }
        if dice.chance(0.1) {
            tags.clear();
        }
        let maker = style * 5 + dice.below(5);
        let facts = Facts {
            game: GameId(Uuid::from_u128(n as u128)),
            title: format!("Game {n:04}"),
            whole: true,
            genres,
            tags,
            developers: vec![format!("Studio {maker}")],
            rated: Rated::UNRATED,
            critic_score: dice
                .chance(0.7)
                .then(|| (72.0 + 9.0 * quality + 4.0 * dice.normal()).clamp(20.0, 98.0) as i16),
            main_story_minutes: None,
        };
        world.games.push(Held {
            facts,
            play: Play::default(),
        });
        world.styles.push(styles);
        world.quality.push(quality);
        world.fame.push(1.2 * dice.normal() + 0.5 * quality);
        world.maker.push(maker);
    }
    world
}

/// What one player holds, and the minutes played: pairs of a game and its minutes.
fn library(world: &World, dice: &mut Dice) -> Vec<(usize, i32)> {
    let mut likes = [-0.6; STYLES];
    for _ in 0..=dice.below(3) {
        likes[dice.below(STYLES)] = 1.2 + 0.4 * dice.normal();
    }
    let hated = dice.below(STYLES * 5);
    let mut held = Vec::new();
    for game in 0..GAMES {
        let mut love: f64 = world.styles[game]
            .iter()
            .zip(likes)
            .map(|(style, like)| style * like)
            .sum();
        // What no feature tells.
        love += 0.4 * dice.normal() - if world.maker[game] == hated { 1.0 } else { 0.0 };
        let bought = -2.2 + 0.8 * world.fame[game] + 0.8 * love;
        if !dice.chance(1.0 / (1.0 + (-bought).exp())) {
            continue;
        }
        let started = -0.9 + 1.3 * love + 0.35 * world.fame[game] + 0.3 * world.quality[game];
        let minutes = if dice.chance(1.0 / (1.0 + (-started).exp())) {
            (4.6 + 0.9 * love + 0.3 * world.quality[game] + 0.9 * dice.normal()).exp() as i32
        } else {
            0
        };
        held.push((game, minutes.min(60_000)));
    }
    held
}

/// How good a list is: hits among the ten, and their discounted gain against the best order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// Of the players, how many find at least one held-out game among the ten.
    pub hit_rate: f64,
    /// Of the ten, how many are held-out games.
    pub precision: f64,
    /// Normalised discounted cumulative gain at ten; a game gains the logarithm of its hours.
    pub ndcg: f64,
}

fn judge(picks: &[usize], held_out: &[(usize, i32)]) -> Figures {
    let gain = |minutes: i32| (f64::from(minutes) / 60.0).ln_1p();
    let discount = |at: usize| 1.0 / (at as f64 + 2.0).log2();
    let gains = picks.iter().take(TOP).enumerate().filter_map(|(at, game)| {
        held_out
            .iter()
            .find(|(held, _)| held == game)
            .map(|(_, minutes)| gain(*minutes) * discount(at))
    });
    let gains: Vec<f64> = gains.collect();
    let mut best: Vec<f64> = held_out.iter().map(|(_, minutes)| gain(*minutes)).collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let best: f64 = best
        .iter()
        .take(TOP)
        .enumerate()
        .map(|(at, gain)| gain * discount(at))
        .sum();
    Figures {
        hit_rate: if gains.is_empty() { 0.0 } else { 1.0 },
        precision: gains.len() as f64 / TOP as f64,
        ndcg: gains.iter().sum::<f64>() / best,
    }
}

fn mean(all: &[Figures]) -> Figures {
    let n = all.len() as f64;
    Figures {
        hit_rate: all.iter().map(|one| one.hit_rate).sum::<f64>() / n,
        precision: all.iter().map(|one| one.precision).sum::<f64>() / n,
        ndcg: all.iter().map(|one| one.ndcg).sum::<f64>() / n,
    }
}

/// The figures of one seed: ours, popularity's, the critics'.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Ours.
    pub ours: Figures,
    /// The games other players play most come first.
    pub popularity: Figures,
    /// The best-scored games come first.
    pub critics: Figures,
    /// How many players were judged.
    pub players: usize,
}

/// Makes a world out of `seed`, hides a third of what each player played, and asks for it back.
pub fn measure(seed: u64) -> Measured {
    let mut dice = Dice(seed);
    let world = world(&mut dice);
    let libraries: Vec<_> = (0..PLAYERS).map(|_| library(&world, &mut dice)).collect();
    let mut loved = vec![0.0; GAMES];
    for (game, minutes) in libraries.iter().flatten() {
        loved[*game] += f64::from(*minutes).ln_1p();
    }
    let (mut ours, mut popularity, mut critics) = (Vec::new(), Vec::new(), Vec::new());
    for library in &libraries {
        let hidden: Vec<_> = library
            .iter()
            .filter(|(_, minutes)| *minutes >= 120)
            .filter(|_| dice.chance(0.33))
            .copied()
            .collect();
        if hidden.len() < 3 {
            continue;
        }
        let is_hidden = |game: usize| hidden.iter().any(|(held, _)| *held == game);
        let held: Vec<Held> = library
            .iter()
            .map(|(game, minutes)| Held {
                play: Play {
                    minutes: if is_hidden(*game) { 0 } else { *minutes },
                    status: Status::Other,
                    ..Play::default()
                },
                ..world.games[*game].clone()
            })
            .collect();
        let shelf = Shelf::build(held);
        let taste = Taste::of(&shelf);
        let wish = Wish {
            genre: None,
            criteria: &Criteria::default(),
            limit: TOP,
            company: None,
            rating_at_most: None,
            person: Person::You,
        };
        let picks: Vec<usize> = rank(&taste, &shelf, &wish)
            .iter()
            .map(|pick| pick.game.0.as_u128() as usize)
            .collect();
        ours.push(judge(&picks, &hidden));
        // The same candidates, in other orders. What this very player gave is taken out.
        let open: Vec<(usize, i32)> = library
            .iter()
            .filter(|(game, minutes)| *minutes < 120 || is_hidden(*game))
            .copied()
            .collect();
        let mut by_fame: Vec<_> = open
            .iter()
            .map(|(game, minutes)| (loved[*game] - f64::from(*minutes).ln_1p(), *game))
            .collect();
        by_fame.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        popularity.push(judge(
            &by_fame.iter().map(|(_, game)| *game).collect::<Vec<_>>(),
            &hidden,
        ));
        let mut by_score: Vec<usize> = open.iter().map(|(game, _)| *game).collect();
        by_score.sort_by_key(|game| {
            (
                std::cmp::Reverse(world.games[*game].facts.critic_score),
                *game,
            )
        });
        critics.push(judge(&by_score, &hidden));
    }
    Measured {
        players: ours.len(),
        ours: mean(&ours),
        popularity: mean(&popularity),
        critics: mean(&critics),
    }
}

#[test]
fn on_held_out_playtime_taste_beats_popularity_and_critics() {
    for seed in [1, 2, 3] {
        let measured = measure(seed);
        let (ours, popularity, critics) = (measured.ours, measured.popularity, measured.critics);
        eprintln!("seed {seed}: ours {ours:?}\n  popularity {popularity:?}\n  critics {critics:?}");
        assert!(measured.players >= 80);
        assert!(ours.hit_rate > popularity.hit_rate);
        assert!(ours.precision > popularity.precision * 1.25);
        assert!(ours.ndcg > popularity.ndcg * 1.25);
        assert!(ours.ndcg > critics.ndcg);
    }
}
