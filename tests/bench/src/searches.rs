//! Searching as people type: whole titles, beginnings, and slips of the keyboard.

use crate::{
    Counts,
    failure::Attempt,
    hub::Hub,
    latency::{Latencies, list, must},
    library::{Dice, Library},
    report::{Figure, Goal, Report, Unit},
};
use serde_json::{Value, json};
use std::collections::HashSet;

const FIRST: usize = 20;
const DOCUMENT: &str = "query Search($query: String!) {
  searchGames(query: $query, first: 20) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id title esrb playtimeMinutes status { id } }
  }
}";
const WITH_FACETS: &str = "query SearchWithFacets($query: String!) {
  searchGames(query: $query, first: 20) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id title esrb playtimeMinutes status { id } }
    facets { platforms { id count } genres { id count } statuses { id count } ratings { id count } decades { id count } }
  }
}";

/// What is typed, and the title that is meant.
struct Typed<'l> {
    query: String,
    meant: &'l str,
    /// Whether the title has to be on the first page however many others there are.
    whole: bool,
}

/// Queries unlike each other, in turn: whole titles, beginnings, titles with a slip.
struct Typist<'l> {
    library: &'l Library,
    dice: Dice,
    typed: HashSet<String>,
}

impl<'l> Typist<'l> {
    fn next(&mut self) -> Typed<'l> {
        loop {
            let library = self.library;
            let meant = library.games[self.dice.roll(library.games.len())]
                .title
                .as_str();
            let title = meant.to_lowercase();
            let (query, whole) = match self.dice.roll(4) {
                0 => (title, true),
                1 => (self.beginning(&title), false),
                _ => (self.slip(&title), true),
            };
            if self.typed.insert(query.clone()) {
                return Typed {
                    query,
                    meant,
                    whole,
                };
            }
        }
    }

    /// The first word and some letters of the second, as if still typing.
    fn beginning(&mut self, title: &str) -> String {
        let (first, rest) = title.split_once(' ').unwrap_or((title, ""));
        let second = rest.split(' ').next().unwrap_or_default();
        format!(
            "{first} {}",
            &second[..second.len().min(3 + self.dice.roll(3))]
        )
    }

    /// Two letters swapped, one left out, doubled, or another one; in the longest word.
    fn slip(&mut self, title: &str) -> String {
        let longest = title
            .split(' ')
            .max_by_key(|word| word.len())
            .unwrap_or(title);
        let mut letters: Vec<char> = longest.chars().collect();
        // Not the first letter, which people get right, nor the colon at an end.
        let at = 1 + self.dice.roll(longest.trim_end_matches(':').len() - 2);
        let swapped =
            at + usize::from(letters.get(at + 1).is_some_and(|next| next.is_alphabetic()));
        match self.dice.roll(4) {
            0 => letters.swap(at, swapped),
            1 => drop(letters.remove(at)),
            2 => letters.insert(at, letters[at]),
            _ => letters[at] = 'x',
        }
        title.replacen(longest, &letters.into_iter().collect::<String>(), 1)
    }
}

/// Searches without and with facets, and reports how long each took.
pub async fn measure(
    hub: &Hub,
    library: &Library,
    counts: &Counts,
    report: &mut Report,
) -> Attempt<()> {
    let mut typist = Typist {
        library,
        dice: Dice::new(20),
        typed: HashSet::new(),
    };
    let games = library.games.len();
    for (document, what) in [(DOCUMENT, "search"), (WITH_FACETS, "search with facets")] {
        let (mut warm_up, mut searches) = (Latencies::default(), Latencies::default());
        for n in 0..counts.warm_up + counts.requests {
            let typed = typist.next();
            let into = if n < counts.warm_up {
                &mut warm_up
            } else {
                &mut searches
            };
            let facets = document == WITH_FACETS;
            into.ask(hub, document, &json!({ "query": typed.query }), |data| {
                check(library, &typed, data, facets)
            })
            .await?;
        }
        report.check(what, &searches);
        let p50 = Figure::new(
            format!("{what} in {games} games, p50 of {}", searches.count()),
            searches.percentile(50),
            Unit::Milliseconds,
        );
        let p95 = Figure::new(
            format!("{what} in {games} games, p95"),
            searches.percentile(95),
            Unit::Milliseconds,
        );
        report.add(p50);
        // The goal is for a search as such; the facets are another figure.
        report.add(if document == DOCUMENT {
            p95.against(Goal::gate(50.0, 3.0))
        } else {
            p95
        });
    }
    Ok(())
}

fn check(library: &Library, typed: &Typed<'_>, data: &Value, facets: bool) -> Result<(), String> {
    let nodes = list(data, "/searchGames/nodes");
    let total = data["searchGames"]["totalCount"]
        .as_u64()
        .unwrap_or_default() as usize;
    must(total > 0, || format!("nothing found of {}", typed.meant))?;
    must(nodes.len() == total.min(FIRST), || {
        format!("{} nodes of {total}", nodes.len())
    })?;
    let found = nodes.iter().any(|node| node["title"] == typed.meant);
    must(found || (!typed.whole && total > FIRST), || {
        format!("{} is not among {total}", typed.meant)
    })?;
    for node in nodes {
        let game = library
            .titled(&node["title"])
            .ok_or_else(|| format!("no game is called {}", node["title"]))?;
        must(
            node["playtimeMinutes"] == game.minutes && node["status"]["id"] == game.status,
            || format!("{node} is not {game:?}"),
        )?;
    }
    // Every game found has one status, so these counts are the total again.
    let counted: u64 = list(data, "/searchGames/facets/statuses")
        .iter()
        .filter_map(|facet| facet["count"].as_u64())
        .sum();
    must(!facets || counted == total as u64, || {
        format!("the facets count {counted} of {total}")
    })
}
