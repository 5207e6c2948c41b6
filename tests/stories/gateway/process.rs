//! `djinn router` as its people start it.

use super::bookshop::{self, Seen};
use crate::hub::{metrics_of, until_logged};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// The subgraphs, listening, and a supergraph file that says where.
pub struct Bookshop {
    /// What the books have seen.
    pub books: Arc<Seen>,
    /// What the reviews have seen.
    pub reviews: Arc<Seen>,
    /// Where each is.
    pub urls: [String; 2],
    folder: tempfile::TempDir,
}

impl Bookshop {
    /// Opens it, at addresses no hub would have.
    pub async fn open() -> Self {
        let (books, reviews) = (Arc::<Seen>::default(), Arc::<Seen>::default());
        let urls = [
            listen(bookshop::books("/suite/books", "", &books)).await + "/suite/books",
            listen(bookshop::reviews("/reviews", &reviews)).await + "/reviews",
        ];
        let shop = Self {
            books,
            reviews,
            urls,
            folder: tempfile::tempdir().unwrap(),
        };
        shop.write(&shop.supergraph());
        shop
    }

    /// The supergraph as it was composed.
    pub fn supergraph(&self) -> String {
        bookshop::supergraph(&self.urls[0], &self.urls[1])
    }

    /// Where the file is.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("supergraph.graphql")
    }

    /// Puts another file in its place, whole: whoever follows it never meets half of one.
    pub fn write(&self, text: &str) {
        let draft = self.folder.path().join("draft");
        std::fs::write(&draft, text).unwrap();
        std::fs::rename(draft, self.file()).unwrap();
    }
}

/// Serves on a port of its own, and says where.
pub async fn listen(routes: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    format!("http://{address}")
}

/// A running router. Killed when dropped.
pub struct Gateway {
    /// Where it is.
    pub url: String,
    /// Where its figures are.
    metrics: String,
    http: reqwest::Client,
    child: Child,
    log: Arc<Mutex<String>>,
}

fn command(file: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_djinn"));
    command
        .args(["router", "--listen", "127.0.0.1:0", "--supergraph"])
        .arg(file)
        .args(arguments)
        .env_clear()
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Starts one that must not start, and returns what it said.
pub async fn refused(file: &Path, arguments: &[&str]) -> String {
    let run = command(file, arguments).output();
    let output = tokio::time::timeout(Duration::from_mins(1), run)
        .await
        .expect("it ends")
        .unwrap();
    assert!(!output.status.success(), "it started");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    said
}

impl Gateway {
    /// Starts one and waits until it serves. `settings` are environment variables.
    pub async fn start(file: &Path, arguments: &[&str], settings: &[(&str, &str)]) -> Self {
        let mut child = command(file, arguments)
            .args(["--metrics", "127.0.0.1:0"])
            .envs(settings.iter().copied())
            .spawn()
            .unwrap();
        let log = Arc::<Mutex<String>>::default();
        let kept = Arc::clone(&log);
        let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
        tokio::spawn(async move {
            while let Ok(Some(line)) = errors.next_line().await {
                kept.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let greeting = tokio::time::timeout(Duration::from_mins(1), said.next_line())
            .await
            .expect("it starts in time")
            .unwrap()
            .unwrap_or_else(|| panic!("it ended: {}", log.lock().unwrap()));
        let url = greeting.rsplit(' ').next().unwrap();
        Self {
            url: url.strip_suffix("/graphql").unwrap().to_owned(),
            metrics: metrics_of(|| log.lock().unwrap().clone()).await,
            http: crate::hub::client(),
            child,
            log,
        }
    }

    /// A request to send.
    pub fn post(&self, query: &str) -> reqwest::RequestBuilder {
        self.http
            .post(format!("{}/graphql", self.url))
            .json(&json!({ "query": query }))
    }

    /// Asks, and returns the whole answer.
    pub async fn ask(&self, query: &str) -> Value {
        let answer = self.post(query).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Another route.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        let url = format!("{}{path}", self.url);
        self.http.get(url).send().await.unwrap()
    }

    /// One of its figures; 0 until it is counted.
    pub async fn figure(&self, name: &str) -> f64 {
        let text = self.http.get(&self.metrics).send().await.unwrap();
        let text = text.text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map_or(0.0, |value| value.trim().parse().unwrap())
    }

    /// Waits until a figure has a value.
    pub async fn figure_is(&self, name: &str, wanted: f64) {
        let waiting = async {
            while (self.figure(name).await - wanted).abs() > 0.1 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        assert!(waited.is_ok(), "{name} is not {wanted}: {}", self.log());
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Waits until its log is so: what it has said comes through a pipe, a moment later.
    pub async fn until_logged(&self, good: impl Fn(&str) -> bool) {
        until_logged(|| self.log(), good).await;
    }

    /// Asks it to stop, and says how it ended.
    pub async fn terminate(&mut self) -> ExitStatus {
        let id = self.child.id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .arg(id)
                .status()
                .await
                .unwrap()
                .success()
        );
        tokio::time::timeout(Duration::from_secs(20), self.child.wait())
            .await
            .expect("it stops in time")
            .unwrap()
    }
}
