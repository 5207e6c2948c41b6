//! Pages of the library, in many orders, narrowed down in many ways, one cursor after the other.

use crate::{
    Counts,
    failure::Attempt,
    hub::Hub,
    latency::{Latencies, list, must},
    library::{Dice, GENRES, Game, Library, PLATFORMS, RATINGS, STATUSES},
    report::{Figure, Goal, Report, Unit},
};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

const PAGE: usize = 50;
/// How many pages one person turns.
const TURNS: usize = 5;
const SORTS: [&str; 6] = [
    "TITLE",
    "PLAYTIME",
    "RELEASED",
    "ADDED",
    "CRITIC_SCORE",
    "LAST_PLAYED",
];
const DOCUMENT: &str = "query Page($sort: GameSort!, $filter: GameFilter, $after: String) {
  games(first: 50, sort: $sort, filter: $filter, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id title esrb genres status { id name } playtimeMinutes copies { platform { name } } }
  }
}";

/// What a list is narrowed down to.
#[derive(Debug, Clone, Default, PartialEq)]
struct Narrowing {
    genre: Option<&'static str>,
    status: Option<&'static str>,
    platform: Option<usize>,
    rating: Option<usize>,
    years: Option<(i64, i64)>,
    minutes: Option<(i64, i64)>,
}

impl Narrowing {
    /// Up to two of the ways there are.
    fn rolled(dice: &mut Dice) -> Self {
        let mut narrowing = Self::default();
        for _ in 0..dice.roll(3) {
            match dice.roll(6) {
                0 => narrowing.genre = Some(dice.pick(&GENRES)),
                1 => narrowing.status = Some(dice.pick(&STATUSES)),
                2 => narrowing.platform = Some(dice.roll(PLATFORMS.len())),
                3 => narrowing.rating = Some(dice.roll(RATINGS.len())),
                4 => {
                    let from = 1985 + dice.roll(30) as i64;
                    narrowing.years = Some((from, from + 9));
                }
                _ => {
                    let from = dice.roll(3_000) as i64;
                    narrowing.minutes = Some((from, from + 2_000));
                }
            }
        }
        narrowing
    }

    fn holds(&self, game: &Game) -> bool {
        let within = |range: Option<(i64, i64)>, value: i64| {
            range.is_none_or(|(from, to)| (from..=to).contains(&value))
        };
        self.genre.is_none_or(|genre| game.genres.contains(&genre))
            && self.status.is_none_or(|status| game.status == status)
            && self.platform.is_none_or(|platform| game.platforms.contains(&platform))
            // Unrated games are listed too, unless told otherwise.
            && self.rating.is_none_or(|ceiling| game.rating.is_none_or(|rating| rating <= ceiling))
            && within(self.years, game.year)
            && within(self.minutes, game.minutes)
    }

    fn filter(&self) -> Value {
        let range = |(from, to)| json!({ "from": from, "to": to });
        let all = [
            ("genres", self.genre.map(|genre| json!([genre]))),
            ("statuses", self.status.map(|status| json!([status]))),
            (
                "platforms",
                self.platform.map(|platform| json!([PLATFORMS[platform].0])),
            ),
            (
                "ratingAtMost",
                self.rating.map(|rating| json!(RATINGS[rating].1)),
            ),
            ("releasedBetween", self.years.map(range)),
            ("playtimeBetween", self.minutes.map(range)),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect::<Map<_, _>>()
            .into()
    }
}

/// Turns pages and reports how long each took.
pub async fn measure(
    hub: &Hub,
    library: &Library,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    let mut dice = Dice::new(50);
    let mut walks = Vec::new();
    let mut next = || loop {
        let walk = (dice.pick(&SORTS), Narrowing::rolled(&mut dice));
        if !walks.contains(&walk) {
            walks.push(walk.clone());
            return walk;
        }
    };
    let (mut warm_up, mut pages) = (Latencies::default(), Latencies::default());
    while warm_up.count() < counts.warm_up {
        turn(hub, library, &next(), &mut warm_up).await?;
    }
    while pages.count() < counts.requests {
        turn(hub, library, &next(), &mut pages).await?;
    }
    report.check("pages", &pages);
    let what = format!("page of {PAGE} of {} games", library.games.len());
    report.add(Figure::new(
        format!("{what}, p50 of {}", pages.count()),
        pages.percentile(50),
        Unit::Milliseconds,
    ));
    report.add(
        Figure::new(
            format!("{what}, p95"),
            pages.percentile(95),
            Unit::Milliseconds,
        )
        .against(Goal::gate(30.0, 3.0)),
    );
    Ok(())
}

/// One list from its beginning, at most [`TURNS`] pages.
async fn turn(
    hub: &Hub,
    library: &Library,
    (sort, narrowing): &(&str, Narrowing),
    pages: &mut Latencies,
) -> Attempt<()> {
    let expected = library
        .games
        .iter()
        .filter(|game| narrowing.holds(game))
        .count();
    let (mut seen, mut after) = (HashSet::new(), Value::Null);
    for _ in 0..TURNS {
        let variables = json!({ "sort": sort, "filter": narrowing.filter(), "after": after });
        let check = |data: &Value| {
            must(data["games"]["totalCount"] == expected, || {
                format!("{} games, not {expected}", data["games"]["totalCount"])
            })?;
            let nodes = list(data, "/games/nodes");
            let due = PAGE.min(expected - seen.len());
            must(nodes.len() == due, || {
                format!("{} games on a page of {due}", nodes.len())
            })?;
            in_order(library, sort, nodes)?;
            nodes.iter().try_for_each(|node| {
                let game = library
                    .titled(&node["title"])
                    .ok_or_else(|| format!("no game is called {}", node["title"]))?;
                must(narrowing.holds(game), || {
                    format!("{} does not fit", game.title)
                })?;
                must(seen.insert(game.title.clone()), || {
                    format!("{} came twice", game.title)
                })?;
                as_imported(game, node)
            })
        };
        let data = pages.ask(hub, DOCUMENT, &variables, check).await?;
        if data["games"]["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = data["games"]["pageInfo"]["endCursor"].clone();
    }
    Ok(())
}

fn in_order(library: &Library, sort: &str, nodes: &[Value]) -> Result<(), String> {
    let key = |node: &Value| match sort {
        "PLAYTIME" => node["playtimeMinutes"].as_i64(),
        "RELEASED" => library.titled(&node["title"]).map(|game| game.year),
        _ => Some(0),
    };
    must(nodes.is_sorted_by(|a, b| key(a) >= key(b)), || {
        format!("not in the order {sort}")
    })
}

fn as_imported(game: &Game, node: &Value) -> Result<(), String> {
    let words = |pointer: &str, inside: &str| {
        let mut words: Vec<String> = list(node, pointer)
            .iter()
            .filter_map(|word| {
                word.pointer(inside)
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            })
            .collect();
        words.sort_unstable();
        words
    };
    let mut platforms: Vec<&str> = game
        .platforms
        .iter()
        .map(|platform| PLATFORMS[*platform].1)
        .collect();
    platforms.sort_unstable();
    let esrb = game
        .rating
        .map_or(Value::Null, |rating| json!(RATINGS[rating].1));
    let right = node["esrb"] == esrb
        && node["playtimeMinutes"] == game.minutes
        && node["status"]["id"] == game.status
        && words("/genres", "") == game.genres
        && words("/copies", "/platform/name") == platforms;
    must(right, || format!("{node} is not {game:?}"))
}
