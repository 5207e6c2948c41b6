//! A room as a client sees it.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A client that knows nothing but the events it got.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mirror {
    pub epoch: Value,
    pub rev: i64,
    pub phase: Value,
    pub host: Value,
    pub state: Value,
    /// By player; `lastClientSeq` is learned from actions.
    pub members: BTreeMap<String, (bool, String, i64)>,
    pub over: bool,
}

impl Mirror {
    pub fn apply(&mut self, event: &Value) {
        match event["__typename"].as_str().unwrap() {
            "RoomSnapshot" | "RoomGap" => {
                self.load(&event["room"]);
                self.epoch = event["epoch"].clone();
                self.rev = event["rev"].as_i64().unwrap();
            }
            "RoomDelta" => {
                assert_eq!(event["epoch"], self.epoch);
                assert_eq!(event["fromRev"], json!(self.rev), "a hole");
                let changes = event["changes"].as_array().unwrap();
                assert!(changes.len() <= 256);
                for change in changes {
                    self.change(change);
                }
                assert_eq!(event["rev"], json!(self.rev));
            }
            "RoomClosed" => {
                assert_eq!(event["rev"], json!(self.rev));
                self.over = true;
            }
            other => panic!("{other}"),
        }
    }

    pub fn load(&mut self, room: &Value) {
        self.phase = room["phase"].clone();
        self.host = room["host"]["id"].clone();
        self.state = room["state"].clone();
        self.members = room["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|seat| {
                let joined = seat["joinedAt"].as_str().unwrap().to_owned();
                let seq = seat["lastClientSeq"].as_i64().unwrap();
                let player = seat["player"]["id"].as_str().unwrap().to_owned();
                (player, (seat["ready"].as_bool().unwrap(), joined, seq))
            })
            .collect();
    }

    fn change(&mut self, change: &Value) {
        self.rev += 1;
        assert_eq!(change["rev"], json!(self.rev), "a hole");
        let player = change["playerId"].as_str().unwrap().to_owned();
        match change["kind"].as_str().unwrap() {
            "JOINED" => {
                self.members.insert(
                    player,
                    (false, change["at"].as_str().unwrap().to_owned(), 0),
                );
            }
            "LEFT" => {
                self.members.remove(&player);
            }
            "READY" => self.members.get_mut(&player).unwrap().0 = true,
            "UNREADY" => self.members.get_mut(&player).unwrap().0 = false,
            "ACTED" => {
                self.members.get_mut(&player).unwrap().2 = change["clientSeq"].as_i64().unwrap();
                merge(&mut self.state, &change["patch"]);
            }
            "STARTED" => self.phase = json!("RUNNING"),
            "HOST_CHANGED" => self.host = change["playerId"].clone(),
            "CLOSED" => self.phase = json!("CLOSED"),
            other => panic!("{other}"),
        }
    }
}

/// RFC 7396, written a second time as its pseudocode has it.
fn merge(target: &mut Value, patch: &Value) {
    let Some(patch) = patch.as_object() else {
        *target = patch.clone();
        return;
    };
    let mut merged = target.as_object().cloned().unwrap_or_default();
    for (name, value) in patch {
        if value.is_null() {
            merged.remove(name);
        } else {
            let mut member = merged.remove(name).unwrap_or(Value::Null);
            merge(&mut member, value);
            merged.insert(name.clone(), member);
        }
    }
    *target = Value::Object(merged);
}
