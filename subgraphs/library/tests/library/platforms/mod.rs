//! Every platform beside Steam's first list, each against its stand-in: link, sync, bad answers,
//! what leaves, and logins that end.

mod connecting;
mod epic;
mod gog;
mod playstation;
mod recent;
mod steam;
mod tokens;
mod xbox;

use super::stage::Stage;
use chrono::TimeDelta;
use djinn_library::{
    account::{
        Accounts,
        entity::{account, secret},
    },
    platform::{AchievementListed, Registry},
};
use djinn_testkit::stand_in::{Mood, Temper};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

impl Stage {
    /// Links an account that must work.
    async fn linked(&self, platform: &str, fields: &[(&str, &str)]) -> String {
        let linked = self.try_link(platform, fields).await;
        assert_eq!(linked["problems"], json!([]), "{linked:#}");
        linked["library"]["id"].as_str().unwrap().to_owned()
    }

    /// Links an account that must not work: code, field and message.
    async fn refused(&self, platform: &str, fields: &[(&str, &str)]) -> (String, String, String) {
        let linked = self.try_link(platform, fields).await;
        assert_eq!(linked["library"], Value::Null, "{linked:#}");
        let word = |name: &str| {
            let word = linked["problems"][0][name].as_str();
            word.unwrap_or("-").to_owned()
        };
        (word("code"), word("field"), word("message"))
    }

    /// What is in the library, by title: title, store id, holding, minutes, and the day it was
    /// last played.
    async fn copies(&self) -> Vec<(String, String, String, i64, String)> {
        let query = "{ games(first: 100) { nodes { copies { title storeId holding playtimeMinutes lastPlayedAt } } } }";
        let page = self.hub.data(&self.me, query, json!({})).await;
        let mut copies = Vec::new();
        for game in page["games"]["nodes"].as_array().unwrap() {
            for copy in game["copies"].as_array().unwrap() {
                let word = |name: &str| copy[name].as_str().unwrap_or("-").to_owned();
                copies.push((
                    word("title"),
                    word("storeId"),
                    word("holding"),
                    copy["playtimeMinutes"].as_i64().unwrap(),
                    word("lastPlayedAt").chars().take(10).collect(),
                ));
            }
        }
        copies.sort();
        copies
    }

    /// Titles and how they are held.
    async fn holdings(&self) -> Vec<(String, String)> {
        let copies = self.copies().await;
        copies.into_iter().map(|copy| (copy.0, copy.2)).collect()
    }

    /// Syncs once with each mood at `kind`, and makes sure that no row is lost and that the run
    /// says what was wrong; then that it succeeds.
    ///
    /// Nobody works while the next mood is set, the time goes on and the next run is asked for. The
    /// run before waits, and is due as soon as the clock has moved: a worker would take it up beside
    /// the new one, and the mood would be spent on either. Nor may it end well in between: bad lists
    /// that follow one another without a good one are what could take rows away.
    async fn survives(
        &mut self,
        library: &str,
        temper: &Temper,
        kind: &'static str,
        moods: &[(Mood, &str)],
    ) {
        let before = self.copies().await;
        assert!(!before.is_empty());
        self.stop().await;
        for (mood, code) in moods {
            temper.calm();
            // A mood that is one answer long must not heal within the same run.
            temper.feel(kind, std::iter::repeat_n(mood.clone(), 4));
            self.sync(library, true).await;
            self.work();
            let run = self
                .until(library, |run| {
                    matches!(run["state"].as_str(), Some("WAITING" | "FAILED"))
                })
                .await;
            assert_eq!(run["error"]["code"], *code, "{kind} {mood:?} {run:#}");
            assert_eq!(self.copies().await, before, "{kind} {mood:?}");
            self.stop().await;
            temper.calm();
            self.later(TimeDelta::minutes(45));
        }
        self.sync(library, true).await;
        self.work();
        let run = self.settle(library).await;
        assert_eq!(run["state"], "SUCCEEDED", "{run:#}");
        assert_eq!(self.copies().await, before);
    }

    /// The achievements of a game as its adapter lists them.
    async fn achievements(&self, platform: &str, store_id: &str) -> Option<Vec<AchievementListed>> {
        let ports = &self.hub.test.ports;
        let registry = Registry::new(ports, &self.config);
        let accounts = Accounts::new(ports.clone(), registry.clone(), self.config.limits);
        let row = account::Entity::find()
            .one(ports.db.read())
            .await
            .unwrap()
            .unwrap();
        let access = accounts.access(&row).await.unwrap();
        let adapter = registry.adapter(platform).unwrap();
        assert!(adapter.lists_achievements());
        adapter.achievements(&access, store_id).await.unwrap()
    }

    /// The sealed secrets, all of them.
    async fn secrets(&self) -> Vec<secret::Model> {
        let db = self.hub.test.ports.db.read();
        secret::Entity::find().all(db).await.unwrap()
    }
}

/// Answers that say nothing, whoever gives them.
fn bad_answers() -> Vec<(Mood, &'static str)> {
    vec![
        (Mood::Down, "PROVIDER_DOWN"),
        (Mood::Truncated, "PROVIDER_MALFORMED"),
        (Mood::Null, "PROVIDER_MALFORMED"),
        (Mood::TooMany(Some(600)), "PROVIDER_RATE_LIMITED"),
        (Mood::TooMany(None), "PROVIDER_RATE_LIMITED"),
        (Mood::Says(200, json!({})), "PROVIDER_MALFORMED"),
        (Mood::Says(500, json!({ "a": 1 })), "PROVIDER_DOWN"),
    ]
}
