//! `djinn mcp` as an AI client starts it: a program that speaks over its pipes, for a hub elsewhere.

use crate::{
    hub::{Hub, Person, Placement},
    the_graph::import,
};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

/// Longer than anything here may take.
const PATIENCE: Duration = Duration::from_secs(40);

/// The program, and the client that started it. Killed when dropped.
struct Pipes {
    _child: Child,
    into: ChildStdin,
    out: Lines<BufReader<ChildStdout>>,
    /// What was told unasked.
    told: Vec<String>,
    asked: u64,
}

impl Pipes {
    /// Starts it with a key, and greets it; with how it greets back.
    async fn open(hub: &Hub, key: &str) -> (Self, Value) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_djinn"))
            .args(["mcp", "--url", &hub.url])
            .env_clear()
            .env("DJINN_API_KEY", key)
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut pipes = Self {
            into: child.stdin.take().unwrap(),
            out: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
            told: Vec::new(),
            asked: 0,
        };
        let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "story", "version": "1" } });
        let greeted = pipes.ask("initialize", hello).await;
        pipes
            .write(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
            .await;
        (pipes, greeted)
    }

    async fn write(&mut self, message: &Value) {
        let line = format!("{message}\n");
        self.into.write_all(line.as_bytes()).await.unwrap();
        self.into.flush().await.unwrap();
    }

    /// The next line that answers something; what is told unasked is kept.
    async fn read(&mut self) -> Option<Value> {
        let line = tokio::time::timeout(PATIENCE, self.out.next_line()).await;
        let line = line.expect("a line in time").unwrap();
        let message: Value = serde_json::from_str(&line.expect("it goes on")).unwrap();
        if let Some(method) = message["method"].as_str() {
            self.told.push(method.to_owned());
            return None;
        }
        Some(message)
    }

    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
            .await;
        loop {
            if let Some(mut answer) = self.read().await
                && answer["id"] == id
            {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }

    /// Waits until it tells of a change of its tools after which they are as they should be.
    async fn news_of_tools(&mut self, good: impl Fn(&[String]) -> bool) {
        let news = "notifications/tools/list_changed";
        loop {
            while !self.told.iter().any(|told| told == news) {
                self.read().await;
            }
            self.told.clear();
            if good(&self.tools().await) {
                return;
            }
        }
    }

    async fn tools(&mut self) -> Vec<String> {
        let listed = self.ask("tools/list", json!({})).await;
        let tools = listed["tools"].as_array().unwrap().iter();
        tools
            .map(|tool| tool["name"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let call = json!({ "name": tool, "arguments": arguments });
        self.ask("tools/call", call).await
    }
}

async fn reader(owner: &Person<'_>) -> String {
    let made = owner
        .ask(
            "mutation { createApiKey(input: { name: \"desktop\", scopes: [READ_LIBRARY] }) { secret problems { code } } }",
            json!({}),
        )
        .await;
    made["createApiKey"]["secret"].as_str().unwrap().to_owned()
}

/// Writes a file that is there whole or not at all.
pub fn put(file: &Path, text: &str) {
    let draft = file.with_extension("draft");
    fs::write(&draft, text).unwrap();
    fs::rename(draft, file).unwrap();
}

fn has(tools: &[String], name: &str) -> bool {
    tools.iter().any(|tool| tool == name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_is_added_to_the_hub_comes_over_the_pipes_within_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("mcp");
    fs::create_dir(&files).unwrap();
    let place = folder.path().display().to_string();
    let settings = [("DJINN__SERVER__OPERATIONS", place)];
    let hub = Hub::start(Placement::One, &settings).await;
    let owner = hub.owner().await;
    let (mut pipes, greeted) = Pipes::open(&hub, &reader(&owner).await).await;
    assert_eq!(greeted["capabilities"]["tools"]["listChanged"], true);
    // An empty folder takes nothing away.
    let before = pipes.tools().await;
    assert!(has(&before, "search_games"), "{before:?}");
    assert!(!has(&before, "who_am_i"), "{before:?}");

    let text = "# Who asks.\nquery WhoAmI @mcpTool(name: \"who_am_i\", scope: \"read:library\") { me { name } }";
    put(&files.join("who_am_i.graphql"), text);
    pipes
        .news_of_tools(|tools| has(tools, "who_am_i") && has(tools, "search_games"))
        .await;
    let said = pipes.call("who_am_i", json!({})).await;
    assert_eq!(said["structuredContent"]["name"], "Anna", "{said}");

    // A file of the same path stands in for what is built in; the log says so.
    let text = "# Finds nothing.\nquery SearchGames @mcpTool(name: \"search_nothing\", scope: \"read:library\") { me { name } }";
    put(&files.join("search_games.graphql"), text);
    pipes
        .news_of_tools(|tools| has(tools, "search_nothing") && !has(tools, "search_games"))
        .await;
    hub.until_logged("mcp/search_games.graphql").await;

    // As other servers' files are: here it would be looked for in vain, and one that cannot be read
    // is in nobody's way.
    fs::write(files.join("latin.graphql"), b"# \xe9").unwrap();
    put(&files.join("bare.graphql"), "query Bare { me { name } }");
    hub.until_logged("mcp/bare.graphql:1").await;
    hub.until_logged("mcp/latin.graphql:1:1").await;

    fs::remove_dir_all(&files).unwrap();
    pipes.news_of_tools(|tools| tools == before).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_no_message_is_answered_and_what_comes_behind_it_too() {
    let hub = Hub::start(Placement::One, &[]).await;
    let owner = hub.owner().await;
    let (mut pipes, _) = Pipes::open(&hub, &reader(&owner).await).await;
    for (line, code) in [
        ("{bad", -32700),
        ("[]", -32600),
        (
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
            -32600,
        ),
    ] {
        let line = format!("{line}\n");
        pipes.into.write_all(line.as_bytes()).await.unwrap();
        pipes.into.flush().await.unwrap();
        let answer = pipes.read().await.unwrap();
        assert_eq!(answer.get("id"), Some(&Value::Null), "{answer}");
        assert_eq!(answer["error"]["code"], code, "{answer}");
    }
    let tools = pipes.tools().await;
    assert!(has(&tools, "search_games"), "{tools:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_tools_may_come_after_the_hub() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("operations");
    let settings = [("DJINN__SERVER__OPERATIONS", folder.display().to_string())];
    let hub = Hub::start(Placement::One, &settings).await;
    hub.until_logged("the operations cannot be read").await;
    let owner = hub.owner().await;
    let (mut pipes, _) = Pipes::open(&hub, &reader(&owner).await).await;
    let before = pipes.tools().await;
    assert!(has(&before, "search_games"), "{before:?}");

    fs::create_dir_all(folder.join("mcp")).unwrap();
    let text = "# Who asks.\nquery WhoAmI @mcpTool(name: \"who_am_i\", scope: \"read:library\") { me { name } }";
    put(&folder.join("mcp/who_am_i.graphql"), text);
    pipes
        .news_of_tools(|tools| has(tools, "who_am_i") && has(tools, "search_games"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_an_export_leads_to_the_hub_from_wherever_it_is_read() {
    let hub = Hub::start(Placement::One, &[]).await;
    let owner = hub.owner().await;
    import(&owner).await;
    let (mut pipes, _) = Pipes::open(&hub, &reader(&owner).await).await;
    let made = pipes.call("export_library_data", json!({})).await;
    let blocks = made["content"].as_array().unwrap();
    let link = blocks.iter().find(|block| block["type"] == "resource_link");
    let link = link.unwrap_or_else(|| panic!("no link: {made}"))["uri"].clone();
    assert_eq!(made["structuredContent"]["url"], link);
    let link = link.as_str().unwrap();
    assert!(
        link.starts_with(&format!("{}/download/", hub.url)),
        "{link}"
    );
    let file = hub.http.get(link).send().await.unwrap();
    assert_eq!(file.status(), 200);
    assert!(file.text().await.unwrap().contains("Portal"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_tools_are_made_of_is_told_to_whoever_has_signed_in() {
    let hub = Hub::start(Placement::One, &[]).await;
    let owner = hub.owner().await;
    let path = "/mcp/operations.json";
    assert_eq!(hub.anonymous().get(path).await.status(), 401);
    let told = owner.get(path).await;
    assert_eq!(told.status(), 200);
    let tag = told.headers()["etag"].clone();
    let told: Value = told.json().await.unwrap();
    let files = told["files"].as_array().unwrap().iter();
    let mut paths = files.map(|file| file["path"].as_str().unwrap());
    assert!(paths.any(|path| path == "mcp/search_games.graphql"));
    let again = hub
        .http
        .get(format!("{}{path}", hub.url))
        .bearer_auth(owner.token.as_deref().unwrap())
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
}
