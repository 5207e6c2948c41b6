//! What is known of a title: games that have it, and copies that have it while their game is
//! called otherwise.

use super::{
    Kind, Reason,
    libraries::named,
    service::{Asked, Desk, NotAsked},
};
use crate::{
    account::entity::account,
    collection::{
        entity::collection,
        phrase::sentence,
        why::{self, Outcome, Shown},
    },
    copy::{
        Holding,
        store::{self as copies, Titled},
    },
    game::{family, store as games, visible, visible_if_known},
    search::{
        index::{Entry, Index},
        page::Hit,
        rank::{Query, Score, TitleText, has_its_words, is_it},
        service::{candidates, platform_name},
    },
};
use djinn_kernel::{Doing, Fault, event::GameKind, viewer::Identity};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// How many games of a title are told of, and how many that are like it.
const GAMES: usize = 4;
/// How many copies are.
const COPIES: usize = 6;
/// How many copies of a household are looked at, in thousands of which each is a query.
const CHUNKS: usize = 20;

/// What was found, the likeliest first.
pub struct Found {
    pub reasons: Vec<Reason>,
    /// Whether that is all there is to say: it is here, and why it does not show is known.
    pub whole: bool,
}

/// Looks for the title among what `identity` may see.
pub async fn look(
    desk: &Desk<'_>,
    identity: &Identity,
    asked: &Asked<'_>,
    accounts: &HashMap<Uuid, account::Model>,
) -> Result<Found, NotAsked> {
    let index = &asked.index;
    let mut hits = candidates(index, identity.family, Some(asked.title));
    hits.sort_by_key(|hit| (hit.score, hit.at));
    let meant = hits.iter().take_while(|hit| is_it(hit.score)).count();
    let mut like = hits.split_off(meant);
    hits.truncate(GAMES);
    like.truncate(GAMES);
    let shown = entries(index, &hits);
    let names = names(desk, &shown).await?;

    let mut found = Found {
        reasons: Vec::new(),
        whole: false,
    };
    for entry in &shown {
        let title = names.get(&entry.id).map_or("", String::as_str);
        let reason = of_game(desk, asked, entry, title).await?;
        found.whole |= !matches!(reason.kind, Kind::OtherPlatform | Kind::Wished);
        found.reasons.push(reason.of_game(entry.id));
    }
    if found.whole {
        return Ok(found);
    }
    let known: Vec<Uuid> = shown.iter().map(|entry| entry.id).collect();
    let copies = of_copies(desk, identity, asked, accounts, &known).await?;
    found.whole = copies.iter().any(|reason| reason.kind == Kind::Merged);
    found.reasons.extend(copies);
    if found.reasons.is_empty() {
        let like = entries(index, &like);
        let names = self::names(desk, &like).await?;
        for entry in like {
            let title = names.get(&entry.id).map_or("", String::as_str);
            let text = format!("“{title}” is here; its title is like that one.");
            let reason = Reason::new(Kind::Similar, text).of_game(entry.id);
            found.reasons.push(reason);
        }
    }
    Ok(found)
}

fn entries<'a>(index: &'a Index, hits: &[Hit]) -> Vec<&'a Entry> {
    let at = |hit: &Hit| index.entries.get(hit.at as usize).map(|entry| &**entry);
    hits.iter().filter_map(at).collect()
}

async fn names(desk: &Desk<'_>, entries: &[&Entry]) -> Result<HashMap<Uuid, String>, Fault> {
    let ids: Vec<Uuid> = entries.iter().map(|entry| entry.id).collect();
    games::titles(desk.ports.db.read(), &ids).await
}

/// Why a game of that title does not show, or that it does.
async fn of_game(
    desk: &Desk<'_>,
    asked: &Asked<'_>,
    entry: &Entry,
    title: &str,
) -> Result<Reason, Fault> {
    let index = &asked.index;
    let platforms: Vec<String> = (entry.platforms.iter())
        .map(|number| platform_name(desk.registry, index.platforms.label(*number)))
        .collect();
    let platforms = platforms.join(", ");
    if let Some(platform) = asked.platform
        && !(index.platforms.number(platform)).is_some_and(|n| entry.platforms.contains(&n))
    {
        let wanted = platform_name(desk.registry, platform);
        let text = format!("“{title}” is here, held on {platforms} and not on {wanted}.");
        return Ok(Reason::new(Kind::OtherPlatform, text));
    }
    if *entry.held_as == [Holding::Wishlist] {
        let text = format!("“{title}” is wished for on {platforms}, and not held there.");
        return Ok(Reason::new(Kind::Wished, text));
    }
    if let Some(row) = &asked.collection {
        return in_collection(desk, index, row, entry, title).await;
    }
    let (kind, text) = if entry.hidden {
        let text = format!("“{title}” is here, held on {platforms}, and hidden from lists.");
        (Kind::Hidden, text)
    } else if entry.kind != GameKind::Game {
        let text = format!(
            "“{title}” is here, held on {platforms}, and no game proper: lists show it when they \
             are asked for its kind."
        );
        (Kind::NoGameProper, text)
    } else {
        let text = format!("“{title}” is here, held on {platforms}, and lists show it.");
        (Kind::Listed, text)
    };
    Ok(Reason::new(kind, text))
}

async fn in_collection(
    desk: &Desk<'_>,
    index: &Index,
    row: &collection::Model,
    entry: &Entry,
    title: &str,
) -> Result<Reason, Fault> {
    let shown = Shown {
        entry,
        title,
        index,
        registry: desk.registry,
    };
    let (included, parts) = why::of_collection(desk.ports, row, shown).await?;
    let name = &row.name;
    if included {
        let text = format!("“{title}” is here, and in the collection “{name}”.");
        return Ok(Reason::new(Kind::Listed, text));
    }
    let said = unmet(&parts);
    let text = format!(
        "“{title}” is here, and not in the collection “{name}”. What keeps it out: {}.",
        said.join("; ")
    );
    Ok(Reason::new(Kind::NotInCollection, text))
}

/// The conditions that keep a game out, in words. Of a group its parts say it: of what holds where
/// it may not, and of what does not hold elsewhere, down through the groups that keep it out
/// themselves.
fn unmet(parts: &[Outcome]) -> Vec<String> {
    let group = |path: &str| {
        let inside = format!("{path}.");
        let mut paths = parts.iter().filter_map(|part| part.path.as_deref());
        paths.any(|other| other.starts_with(&inside))
    };
    // Whether each part that keeps it out ought to hold; a group comes before its parts.
    let mut ought: HashMap<&str, bool> = HashMap::new();
    let mut said = Vec::new();
    for part in parts {
        let path = part.path.as_deref().unwrap_or_default();
        let wanted = match path.rsplit_once('.') {
            None => true,
            Some((around, last)) => match ought.get(around) {
                Some(wanted) => *wanted != last.starts_with("none["),
                None => continue,
            },
        };
        if part.held == wanted {
            continue;
        }
        ought.insert(path, wanted);
        if group(path) {
            continue;
        }
        let not = if wanted { "" } else { "not: " };
        said.push(match &part.value {
            Some(value) => {
                let (words, value) = (sentence(&part.words), sentence(value));
                format!("{not}{words} (it has: {value})")
            }
            None => format!("{not}{}", sentence(&part.words)),
        });
    }
    if said.is_empty() {
        let failed = parts.iter().filter(|part| !part.held);
        said.extend(failed.map(|part| sentence(&part.words)));
    }
    said
}

/// What copies of that title say, beside the games `known` already.
async fn of_copies(
    desk: &Desk<'_>,
    identity: &Identity,
    asked: &Asked<'_>,
    accounts: &HashMap<Uuid, account::Model>,
    known: &[Uuid],
) -> Result<Vec<Reason>, Fault> {
    let db = desk.ports.db.read();
    let Some(query) = Query::new(asked.title).map(Arc::new) else {
        return Ok(Vec::new());
    };
    let mut rows = titled(desk, identity, &query).await?;
    rows.retain(|(_, row)| {
        accounts.contains_key(&row.library_id)
            && asked.platform.is_none_or(|id| row.platform == id)
            && row.game_id.is_none_or(|game| !known.contains(&game))
    });
    let index = &asked.index;
    let of = |game: Uuid| index.entries.iter().find(|entry| entry.id == game);
    let absent = rows.iter().filter_map(|(_, row)| row.game_id);
    let absent: Vec<Uuid> = absent.filter(|game| of(*game).is_none()).collect();
    let ratings = games::ratings(db, identity.household.0, &absent).await?;
    let hidden = if family::sees_hidden(identity.family) {
        HashSet::new()
    } else {
        games::hidden(db, identity.household.0, &absent).await?
    };
    rows.retain(|(score, row)| match row.game_id {
        // What nobody has looked at yet may be above any ceiling.
        None => identity.family.is_none(),
        Some(game) => match of(game) {
            // A game whose own title fits as well speaks for itself: nothing was merged there.
            Some(entry) => {
                let of_game = query.fits(&entry.title);
                visible(identity.family, entry.rated)
                    && of_game.is_none_or(|of_game| of_game > *score)
            }
            None => {
                visible_if_known(identity.family, ratings.get(&game).copied())
                    && !hidden.contains(&game)
            }
        },
    });
    rows.truncate(COPIES);
    let games: Vec<Uuid> = rows.iter().filter_map(|(_, row)| row.game_id).collect();
    let names = games::titles(db, &games).await?;
    let mut reasons: Vec<Reason> = Vec::new();
    for (_, row) in &rows {
        let Some(account) = accounts.get(&row.library_id) else {
            continue;
        };
        let (library, title) = (named(account, desk.registry), &row.title);
        let game = row.game_id.filter(|game| of(*game).is_some());
        let reason = match (row.removed_at, game) {
            (Some(at), _) => {
                let text = format!("{library} listed “{title}” once, and lists it no more.");
                Reason::new(Kind::Removed, text).at(Some(at))
            }
            (None, None) => {
                let text = format!("“{title}” of {library} is being matched; it shows soon.");
                Reason::new(Kind::Matching, text)
            }
            (None, Some(game)) => {
                let name = names.get(&game).map_or("", String::as_str);
                let text = format!("“{title}” of {library} is part of the game “{name}” here.");
                Reason::new(Kind::Merged, text).of_game(game)
            }
        };
        let reason = reason.of_library(account.id);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    // What is here comes before what was.
    reasons.sort_by_key(|reason| reason.kind == Kind::Removed);
    Ok(reasons)
}

/// The household's copies of that title and how well they fit, the best fit first.
async fn titled(
    desk: &Desk<'_>,
    identity: &Identity,
    query: &Arc<Query>,
) -> Result<Vec<(Score, Titled)>, Fault> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..CHUNKS {
        let rows = copies::titled(desk.ports.db.read(), identity.household.0, after).await?;
        let Some(last) = rows.last() else { break };
        after = Some(last.id);
        let query = Arc::clone(query);
        // Folding thousands of titles takes a while; others are served meanwhile.
        let fitting = tokio::task::spawn_blocking(move || {
            let score = |row: &Titled| query.fits(&TitleText::new(&row.title));
            let scored = rows.into_iter().map(|row| (score(&row), row));
            let fitting = scored.filter_map(|(score, row)| Some((score?, row)));
            let fitting = fitting.filter(|(score, _)| has_its_words(*score));
            fitting.collect::<Vec<_>>()
        });
        found.extend(fitting.await.doing("reading titles")?);
    }
    found.sort_by_key(|(score, row)| (*score, row.id));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::phrase::Phrase;

    #[test]
    fn of_a_group_that_fails_its_parts_say_why() {
        let part = |path: Option<&str>, words: &str, held, value: Option<&str>| Outcome {
            path: path.map(str::to_owned),
            words: vec![Phrase::plain(words)],
            held,
            value: value.map(|value| vec![Phrase::plain(value)]),
        };
        let parts = [
            part(Some("rule"), "All of these", false, None),
            part(Some("rule.all[0]"), "At least one of these", true, None),
            part(
                Some("rule.all[0].any[0]"),
                "Genre is one of RPG",
                false,
                Some("Puzzle"),
            ),
            part(
                Some("rule.all[0].any[1]"),
                "Played is true",
                true,
                Some("yes"),
            ),
            part(Some("rule.all[1]"), "None of these", false, None),
            part(
                Some("rule.all[1].none[0]"),
                "Tag is one of short",
                true,
                Some("short"),
            ),
            part(
                Some("rule.all[2]"),
                "Critics' score is at least 90",
                false,
                None,
            ),
            part(None, "Hidden is false", false, Some("yes")),
        ];
        assert_eq!(
            unmet(&parts),
            [
                "not: Tag is one of short (it has: short)",
                "Critics' score is at least 90",
                "Hidden is false (it has: yes)",
            ]
        );
    }

    #[test]
    fn what_stands_in_a_group_that_does_not_keep_a_game_out_is_not_named() {
        let part = |path: &str, words: &str, held| Outcome {
            path: Some(path.to_owned()),
            words: vec![Phrase::plain(words)],
            held,
            value: None,
        };
        let said = |parts: &[(&str, &str, bool)]| {
            let parts = parts.iter();
            let parts: Vec<_> = parts
                .map(|(path, words, held)| part(path, words, *held))
                .collect();
            unmet(&parts)
        };
        let of_none = [
            ("rule", "None of these", false),
            ("rule.none[0]", "Status is Completed", true),
            ("rule.none[1]", "All of these", false),
            ("rule.none[1].all[0]", "Released is before 2000", false),
            ("rule.none[1].all[1]", "My rating is not known", false),
        ];
        assert_eq!(said(&of_none), ["not: Status is Completed"]);
        let twice_none = [
            ("rule", "None of these", false),
            ("rule.none[0]", "None of these", true),
            ("rule.none[0].none[0]", "Ever played is true", false),
            ("rule.none[1]", "At least one of these", true),
            ("rule.none[1].any[0]", "Genre is RPG", true),
            ("rule.none[1].any[1]", "Genre is Puzzle", false),
        ];
        assert_eq!(
            said(&twice_none),
            ["Ever played is true", "not: Genre is RPG"]
        );
    }
}
