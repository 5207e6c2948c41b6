//! A child's ceiling holds wherever one looks.

use crate::{
    hub::{Hub, Person, Placement},
    the_graph::{game, import},
};
use serde_json::{Value, json};

const HIDDEN: [&str; 4] = ["Half-Life", "Half-Life 2", "DOOM", "Nobody Rated This"];

async fn child<'h>(hub: &'h Hub, owner: &Person<'_>) -> Person<'h> {
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
    Person::new(hub, &used["useProfile"])
}

async fn no_door_shows_a_child_a_game_above_its_ceiling(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let doom = game(&owner, "DOOM").await;
    let child = child(&hub, &owner).await;

    let everything = child
        .ask(
            "query($doom: ID!) {
                games { totalCount nodes { title } facets { ratings { id count } genres { id count } platforms { id count } decades { id count } } }
                searchGames(query: \"half-life\") { totalCount nodes { title } }
                recentlyPlayed { title }
                libraryStats { games copies byGenre { id count } byPlatform { id count } }
                recommendGames(limit: 50) { game { title } reasons { text } }
                game(id: $doom) { title }
                me { libraries { label } } }",
            json!({ "doom": doom }),
        )
        .await;
    assert_eq!(everything["games"]["totalCount"], 4, "{everything:#}");
    assert_eq!(everything["searchGames"]["totalCount"], 0);
    assert_eq!(everything["game"], Value::Null);
    assert_eq!(everything["libraryStats"]["games"], 4);
    let text = everything.to_string();
    for title in HIDDEN {
        assert!(
            !text.contains(&format!("\"{title}\"")),
            "{title} leaks: {everything:#}"
        );
    }
    // Counts say nothing either: there is no Shooter for a child here.
    assert!(!text.contains("Shooter"), "{everything:#}");
    // A child may not change the library at all.
    let code = child.refused("mutation($id: ID!) { updateGame(input: { gameId: $id, favourite: true }) { problems { code } } }", json!({ "id": doom })).await;
    assert_eq!(code, "FORBIDDEN");
    let code = child
        .refused(
            "mutation { createApiKey(input: { name: \"x\", scopes: [ADMIN] }) { secret } }",
            json!({}),
        )
        .await;
    assert_eq!(code, "FORBIDDEN");
}

async fn a_key_of_a_child_sees_what_the_child_sees(placement: Placement) {
    let hub = Hub::start(placement, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let child = child(&hub, &owner).await;
    let key = owner
        .ask(
            "mutation($profile: ID!) { createApiKey(input: { name: \"tablet\", scopes: [READ_LIBRARY], profileId: $profile }) { secret problems { code message } } }",
            json!({ "profile": child.id }),
        )
        .await;
    let tablet = hub.with_key(key["createApiKey"]["secret"].as_str().unwrap());
    let seen = tablet.ask("{ games { totalCount } }", json!({})).await;
    assert_eq!(seen["games"]["totalCount"], 4);
}

crate::in_both_placements!(
    no_door_shows_a_child_a_game_above_its_ceiling,
    a_key_of_a_child_sees_what_the_child_sees
);
