//! Two households that differ by what the child of one must not know of.

use super::{MARK, questions::Ids};
use crate::{
    hub::{Hub, Person},
    rules::MISSING,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const HEAD: &str = "title,platform,store_id,year,genres,developer,esrb,playtime_minutes,main_story_minutes,status,tags\n";
const SEEN: &str = "Portal,steam,400,2007,Puzzle,Valve,Teen,200,180,completed,sci-fi;short
Portal 2,gog,,2011,Puzzle,Valve,Everyone 10+,0,540,unplayed,sci-fi;co-op
Portal 2,steam,620,2011,Puzzle,Valve,Everyone 10+,30,540,playing,sci-fi;co-op
Stardew Valley,manual,,2016,Simulation,ConcernedApe,Everyone 10+,6000,3180,playing,relaxing
Unpacking,epic,,2021,Puzzle,Witch Beam,Everyone,0,240,unplayed,relaxing;short
";
/// Above the ceiling, or unrated, or hidden by the grown-up. Some have a mark in all they say; the last two are near what is
/// seen, as a duplicate and as what belongs to it.
const UNSEEN: &str = "Zyxqmark Carnage,steam,9001,1998,Puzzle;Zyxqmark Gore,Zyxqmark Works,Mature,7919,6007,completed,zyxqmark-gore;sci-fi
Zyxqmark Carnage,gog,,1998,Puzzle;Zyxqmark Gore,Zyxqmark Works,Mature,0,6007,unplayed,zyxqmark-gore;sci-fi
Zyxqmark Riddle,zyxqmark,,2024,Puzzle,Valve,,4001,60,playing,short
Portal Zyxqmark,steam,9002,2012,Puzzle,Valve,Adults Only,11,180,unplayed,co-op;short
Stardew Vally,epic,,2016,Simulation,ConcernedApe,Mature,12,3180,playing,relaxing
Unpacking Soundtrack,steam,9003,2021,,,,0,,unplayed,
Portal Zyxqmark Party,steam,9004,2019,Puzzle;Zyxqmark Gore,Valve,Everyone,0,90,unplayed,zyxqmark-gore;co-op
";
/// The one of them that is below the ceiling, and that the grown-up hid.
pub const HIDDEN: &str = "Portal Zyxqmark Party";

/// What the fields of these games, and of a board of one of them, say to who may know of them.
pub const TOLD: [(&str, &str); 8] = [
    ("title", "zyxqmark carnage"),
    ("title", "zyxqmark riddle"),
    ("title", "portal zyxqmark"),
    ("genres", "zyxqmark gore"),
    ("developers", "zyxqmark works"),
    ("tags", "zyxqmark-gore"),
    ("notes", "zyxqmark note"),
    ("board", "most zyxqmark"),
];

/// One household.
pub struct World<'h> {
    /// The grown-up.
    pub owner: Person<'h>,
    /// The child; nothing above TEEN, and nothing unrated.
    pub child: Person<'h>,
    /// A key that acts as the child, as AI clients have.
    pub tablet: Person<'h>,
    /// Of what the child may know, and of nothing; the same names in both households.
    pub ids: Ids,
    /// Of games the child must not know of.
    pub unseen: Vec<String>,
    /// What no answer to the child may have in it: the ids of those games and of their copies, and
    /// the addresses of their pictures.
    pub secrets: Vec<String>,
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}

/// Sets a hub up; with `more` of what the child must not know of.
pub async fn world(hub: &Hub, more: bool) -> World<'_> {
    let owner = hub.owner().await;
    let content = if more {
        format!("{HEAD}{SEEN}{UNSEEN}")
    } else {
        format!("{HEAD}{SEEN}")
    };
    owner
        .ask(
            "mutation($input: ImportInput!) { importGames(input: $input) { added problems { code } } }",
            json!({ "input": { "format": "CSV", "content": content, "label": "Shelf" } }),
        )
        .await;
    let list = "{ games(first: 100, filter: { kinds: [] }) { totalCount nodes { id title coverUrl headerUrl hero { url } copies { id } } } recommendGames(limit: 50) { game { id } } libraries { nodes { id lastSync { id } } } }";
    let (games, picks) = if more { (10, 4) } else { (4, 2) };
    let found = owner
        .until(30, list, |data| {
            // Portal 2 was played for half an hour, and is still one to recommend.
            data["games"]["totalCount"] == games
                && data["recommendGames"].as_array().unwrap().len() >= picks
        })
        .await;
    let mut ids: Ids = BTreeMap::new();
    let mut keep = |kind: &str, name: &str, id: String| {
        ids.entry(kind.to_owned())
            .or_default()
            .insert(name.to_owned(), id);
    };
    let library = &found["libraries"]["nodes"][0];
    keep("library", "the library", text(&library["id"]));
    keep("run", "its sync", text(&library["lastSync"]["id"]));
    let (mut unseen, mut secrets) = (Vec::new(), Vec::new());
    let mut hidden = None;
    for game in found["games"]["nodes"].as_array().unwrap() {
        let (id, title) = (text(&game["id"]), text(&game["title"]));
        if SEEN.contains(&format!("{title},")) {
            keep("game", &title, id);
            continue;
        }
        secrets.push(id.clone());
        if title == HIDDEN {
            hidden = Some(id.clone());
        }
        let copies = game["copies"].as_array().unwrap().iter();
        secrets.extend(copies.map(|copy| text(&copy["id"])));
        let pictures = [&game["coverUrl"], &game["headerUrl"], &game["hero"]["url"]];
        let tokens = pictures.into_iter().filter_map(Value::as_str);
        secrets.extend(tokens.filter_map(|url| Some(url.split_once('?')?.0.to_owned())));
        unseen.push(id);
    }
    for id in &unseen {
        owner
            .ask(
                "mutation($id: ID!) { updateGame(input: { gameId: $id, notes: \"zyxqmark note\", favourite: true, status: \"completed\", myRating: 97 }) { problems { code } } }",
                json!({ "id": id }),
            )
            .await;
    }
    if let Some(hidden) = &hidden {
        owner
            .ask(
                "mutation($id: ID!) { updateGame(input: { gameId: $id, hidden: true }) { problems { code } } }",
                json!({ "id": hidden }),
            )
            .await;
    }
    // What the grown-up keeps to themselves about games that the child may know. Status is of the
    // library they share, so both hubs would tell it.
    let kept = [
        (
            "Portal",
            json!({ "notes": "zyxqmark gift", "myRating": 7, "favourite": true, "tags": ["zyxqmark present", "short"] }),
        ),
        (
            "Unpacking",
            json!({ "notes": "zyxqmark later", "myRating": 99 }),
        ),
        (
            "Stardew Valley",
            json!({ "favourite": true, "myRating": 0 }),
        ),
    ];
    for (title, said) in kept.into_iter().filter(|_| more) {
        let mut input = said;
        input["gameId"] = json!(ids["game"][title]);
        owner
            .ask(
                "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }",
                json!({ "input": input }),
            )
            .await;
    }
    for (kind, name, id) in belongings(&owner, &ids["game"]["Portal"], &unseen).await {
        ids.entry(kind.to_owned())
            .or_default()
            .insert(name.to_owned(), id);
    }
    for of in ids.values_mut() {
        of.insert("nothing".to_owned(), MISSING.to_owned());
    }
    let made = owner
        .ask(
            "mutation { createProfile(input: { name: \"Ben\", ceiling: TEEN }) { profile { id } problems { code } } }",
            json!({}),
        )
        .await;
    let profile = &made["createProfile"]["profile"]["id"];
    let used = owner
        .ask(
            "mutation($id: ID!) { useProfile(profileId: $id) { tokens { accessToken refreshToken player { id } } problems { code } } }",
            json!({ "id": profile }),
        )
        .await;
    let key = owner
        .ask(
            "mutation($profile: ID!) { createApiKey(input: { name: \"tablet\", scopes: [READ_LIBRARY, READ_PLAY, WRITE_PLAY], profileId: $profile }) { secret problems { code } } }",
            json!({ "profile": profile }),
        )
        .await;
    let tablet = hub.with_key(key["createApiKey"]["secret"].as_str().unwrap());
    // What the child sees settles a moment after the owner's view.
    let child = Person::new(hub, &used["useProfile"]);
    child
        .until(
            20,
            "{ games { totalCount } boards { totalCount } recommendGames(limit: 50) { game { id } } }",
            |data| {
                let picks = data["recommendGames"].as_array().unwrap();
                let unseen = |pick: &Value| {
                    let id = pick["game"]["id"].as_str().unwrap_or_default();
                    secrets.iter().any(|secret| secret == id)
                };
                data["games"]["totalCount"] == 4
                    && data["boards"]["totalCount"] == 1
                    && !picks.is_empty()
                    && !picks.iter().any(unseen)
            },
        )
        .await;
    // Each part of the hub hears of hiding by itself.
    if let Some(hidden) = &hidden {
        let query = format!("{{ game(id: \"{hidden}\") {{ id }} }}");
        child.until(20, &query, |data| data["game"].is_null()).await;
    }
    World {
        owner,
        child,
        tablet,
        ids,
        unseen,
        secrets,
    }
}

/// What a household has besides games, each with some of what the child must not know of in it.
async fn belongings(
    owner: &Person<'_>,
    portal: &str,
    unseen: &[String],
) -> Vec<(&'static str, &'static str, String)> {
    let mut made = Vec::new();
    let rule =
        json!({ "field": "GENRE", "operator": "ONE_OF", "value": { "options": ["Puzzle"] } });
    for (name, input) in [
        ("puzzles", json!({ "name": "Puzzles", "rule": rule })),
        ("by hand", json!({ "name": "By hand" })),
    ] {
        let answer = owner
            .ask(
                "mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } problems { code message } } }",
                json!({ "input": input }),
            )
            .await;
        made.push((
            "collection",
            name,
            text(&answer["createCollection"]["collection"]["id"]),
        ));
    }
    let games: Vec<&str> = unseen.iter().map(String::as_str).chain([portal]).collect();
    let (_, _, by_hand) = &made[1];
    owner
        .ask(
            "mutation($input: AddToCollectionInput!) { addToCollection(input: $input) { problems { code message } } }",
            json!({ "input": { "collectionId": by_hand, "gameIds": games } }),
        )
        .await;
    let board = async |name: &str, game: &str| {
        let answer = owner
            .ask(
                "mutation($name: String!, $game: ID) { createBoard(input: { name: $name, gameId: $game }) { board { id } problems { code message } } }",
                json!({ "name": name, "game": game }),
            )
            .await;
        text(&answer["createBoard"]["board"]["id"])
    };
    made.push(("board", "the board", board("Fastest", portal).await));
    for unseen in unseen {
        board("Most zyxqmark", unseen).await;
    }
    let room = owner
        .ask(
            "mutation { createRoom(input: { name: \"Chess\" }) { room { id } problems { code } } }",
            json!({}),
        )
        .await;
    made.push(("room", "the room", text(&room["createRoom"]["room"]["id"])));
    made
}

/// Whether a text carries the mark of what must not be known.
pub fn carries_mark(text: &str) -> bool {
    text.to_lowercase().contains(MARK)
}
