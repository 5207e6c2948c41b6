//! The real hub, as its people start it: one process, or six on PostgreSQL and Redis.

mod person;
mod process;

pub use self::{
    person::Person,
    process::{client, metrics_of, until_logged},
};

use self::process::{Process, address_of, spawn, stop};
use djinn_testkit::{database::TestDatabase, fault::FaultProxy};
use serde_json::json;
use std::{collections::HashMap, time::Instant};

/// The owner's password in every story.
pub const PASSWORD: &str = "open sesame, please";

const SUBGRAPHS: [&str; 5] = ["session", "metadata", "library", "ai", "leaderboard"];

/// Where the subgraphs run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// All in one process.
    One,
    /// Five processes and a router.
    Many,
}

/// Runs a story in both placements. The second needs PostgreSQL and Redis: `scripts/nextest` leaves
/// it out, and says so, where they are not.
#[macro_export]
macro_rules! in_both_placements {
    ($($story:ident),* $(,)?) => {
        mod in_one_process {
            $(#[tokio::test(flavor = "multi_thread")] async fn $story() { super::$story($crate::hub::Placement::One).await }
            )*
        }
        mod in_many_processes {
            $(#[tokio::test(flavor = "multi_thread")] async fn $story() {
                super::$story($crate::hub::Placement::Many).await
            })*
        }
    };
}

/// The Redis to run many processes on; PostgreSQL must be there as well.
#[expect(
    clippy::disallowed_methods,
    reason = "tests choose their servers by the environment"
)]
fn redis() -> String {
    assert!(
        djinn_testkit::database::server_url().is_some(),
        "many processes need TEST_DATABASE_URL"
    );
    std::env::var("TEST_REDIS_URL").expect("many processes need TEST_REDIS_URL")
}

/// A running hub. Killed when dropped.
pub struct Hub {
    /// Where it is, for instance `http://localhost:41234`.
    pub url: String,
    /// The setup link's token, while it waits for an owner.
    pub setup_token: Option<String>,
    /// Speaks to it.
    pub http: reqwest::Client,
    placement: Placement,
    settings: Vec<(String, String)>,
    processes: Vec<Process>,
    /// In front of each subgraph, where the story wants it: see [`Hub::start_behind_proxies`].
    proxies: Option<HashMap<&'static str, FaultProxy>>,
    /// Where the subgraphs are, when they are processes of their own.
    places: Vec<(String, String)>,
    /// Kept until the hub is gone: both outlive its restarts.
    kept: (tempfile::TempDir, TestDatabase),
}

impl Hub {
    /// Starts one with a database of its own. `settings` are environment variables.
    pub async fn start(placement: Placement, settings: &[(&str, String)]) -> Self {
        Self::start_with(placement, settings, None).await
    }

    /// Starts five processes and a router, with a proxy that can misbehave in front of each
    /// subgraph.
    pub async fn start_behind_proxies(settings: &[(&str, String)]) -> Self {
        Self::start_with(Placement::Many, settings, Some(HashMap::new())).await
    }

    async fn start_with(
        placement: Placement,
        settings: &[(&str, String)],
        proxies: Option<HashMap<&'static str, FaultProxy>>,
    ) -> Self {
        let database = TestDatabase::create_empty().await;
        let data = tempfile::tempdir().unwrap();
        let mut settings: Vec<(String, String)> = settings
            .iter()
            .map(|(k, v)| ((*k).to_owned(), v.clone()))
            .collect();
        settings.extend([
            ("DATABASE_URL".to_owned(), database.url.clone()),
            (
                "DJINN__DATA__DIR".to_owned(),
                data.path().join("data").display().to_string(),
            ),
            ("WEB_PORT".to_owned(), "0".to_owned()),
        ]);
        // Stories tell in documents of their own, also before anybody has signed in; those of
        // `documents.rs` are about the hub's default.
        for (name, usual) in [
            ("LOG_LEVEL", "info"),
            ("DJINN__SERVER__METRICS", "off"),
            ("DJINN__LIMITS__ANONYMOUS_DOCUMENTS", "any"),
        ] {
            if !settings.iter().any(|(known, _)| known == name) {
                settings.push((name.to_owned(), usual.to_owned()));
            }
        }
        if placement == Placement::Many {
            settings.extend([
                ("REDIS_URL".to_owned(), redis()),
                (
                    "DJINN__BUS__PREFIX".to_owned(),
                    format!("djinn-story-{}", data.path().file_name().unwrap().display()),
                ),
                (
                    "SECRET_KEY".to_owned(),
                    "a secret that all processes of a story share".to_owned(),
                ),
            ]);
        }
        let http = client();
        let mut hub = Self {
            url: String::new(),
            setup_token: None,
            http,
            placement,
            settings,
            processes: Vec::new(),
            proxies,
            places: Vec::new(),
            kept: (data, database),
        };
        hub.start_processes().await;
        hub
    }

    async fn start_processes(&mut self) {
        let mut places = Vec::new();
        if self.placement == Placement::Many {
            for name in SUBGRAPHS {
                let (process, said) = spawn(&["serve", "--only", name], &self.settings).await;
                self.processes.push(process);
                let mut url = said.url;
                if let Some(proxies) = &mut self.proxies {
                    let proxy = FaultProxy::to(address_of(&url)).await.unwrap();
                    url = proxy.url();
                    proxies.insert(name, proxy);
                }
                places.push((format!("DJINN__SUBGRAPHS__{}", name.to_uppercase()), url));
                self.setup_token = self.setup_token.take().or(said.setup_token);
            }
        }
        self.places.clone_from(&places);
        let settings: Vec<_> = self.settings.iter().cloned().chain(places).collect();
        let (process, said) = spawn(&["serve"], &settings).await;
        self.processes.push(process);
        self.url = said.url;
        self.setup_token = said.setup_token.or(self.setup_token.take());
    }

    /// Kills every process at once, as a power cut would, and starts them again on the same data.
    pub async fn kill_and_restart(&mut self) {
        for process in &mut self.processes {
            process.child.start_kill().unwrap();
        }
        for process in &mut self.processes {
            process.child.wait().await.unwrap();
        }
        self.processes.clear();
        self.setup_token = None;
        self.start_processes().await;
    }

    /// Asks the last process (the hub, or its router) to stop, and says how it ended.
    pub async fn terminate(&mut self) -> std::process::ExitStatus {
        stop(self.processes.last_mut().unwrap()).await.0
    }

    /// The same, and when it had been asked.
    pub async fn terminate_and_tell_when(&mut self) -> (std::process::ExitStatus, Instant) {
        stop(self.processes.last_mut().unwrap()).await
    }

    /// What stands in front of a subgraph.
    pub fn proxy(&self, subgraph: &str) -> &FaultProxy {
        &self.proxies.as_ref().unwrap()[subgraph]
    }

    /// Replaces a subgraph's process as a rolling restart does: another one is started, new
    /// connections lead there, and the old one is asked to stop.
    pub async fn replace(&mut self, subgraph: &'static str) {
        let (process, said) = spawn(&["serve", "--only", subgraph], &self.settings).await;
        self.proxy(subgraph).lead_to(address_of(&said.url));
        let at = SUBGRAPHS.iter().position(|name| *name == subgraph);
        let mut old = std::mem::replace(&mut self.processes[at.unwrap()], process);
        assert!(stop(&mut old).await.0.success());
    }

    /// The memory of the last process (the hub, or its router), in bytes.
    pub fn memory(&self) -> u64 {
        let id = self.processes.last().unwrap().child.id().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let figure = line.unwrap().split_whitespace().nth(1).unwrap();
        figure.parse::<u64>().unwrap() * 1024
    }

    /// Counts the peak of each process's memory from here on, and says what that is now, in bytes.
    pub fn forget_peaks(&self) -> Vec<u64> {
        for process in &self.processes {
            let id = process.child.id().unwrap();
            // 5: the peak becomes what is resident now.
            std::fs::write(format!("/proc/{id}/clear_refs"), "5").unwrap();
        }
        self.peaks()
    }

    /// By how many bytes the process grew that grew most, at its largest.
    pub fn grown(&self, before: &[u64]) -> u64 {
        let grown = self.peaks().into_iter().zip(before);
        grown
            .map(|(now, before)| now.saturating_sub(*before))
            .max()
            .unwrap()
    }

    fn peaks(&self) -> Vec<u64> {
        let peak = |process: &Process| {
            let id = process.child.id().unwrap();
            let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
            let line = status.lines().find(|line| line.starts_with("VmHWM:"));
            let figure = line.unwrap().split_whitespace().nth(1).unwrap();
            figure.parse::<u64>().unwrap() * 1024
        };
        self.processes.iter().map(peak).collect()
    }

    /// The database under it.
    pub const fn database(&self) -> &djinn_subgraph_kit::Db {
        &self.kept.1.db
    }

    /// Where a subgraph listens that is a process of its own.
    pub fn endpoint(&self, subgraph: &str) -> String {
        let key = format!("DJINN__SUBGRAPHS__{}", subgraph.to_uppercase());
        let (_, url) = self.places.iter().find(|(name, _)| *name == key).unwrap();
        format!("{url}/{subgraph}/graphql")
    }

    /// Stops the hub, and says all it has ever logged.
    pub async fn whole_log(&mut self) -> String {
        self.terminate().await;
        for process in &mut self.processes {
            process.child.start_kill().unwrap();
            (&mut process.reader).await.unwrap();
        }
        self.log()
    }

    /// What all processes have logged so far.
    pub fn log(&self) -> String {
        self.processes
            .iter()
            .map(|process| process.log.lock().unwrap().clone())
            .collect()
    }

    /// Waits until that is in the log: what a process has said comes through a pipe, a moment later.
    pub async fn until_logged(&self, words: &str) {
        until_logged(|| self.log(), |log| log.contains(words)).await;
    }

    /// Finishes the setup and returns the owner.
    pub async fn owner(&self) -> Person<'_> {
        let input = json!({ "token": self.setup_token.as_ref().unwrap(), "name": "Anna", "password": PASSWORD });
        let answer = self
            .anonymous()
            .ask(
                "mutation($input: CompleteSetupInput!) { completeSetup(input: $input) { tokens { accessToken refreshToken player { id } } problems { code } } }",
                json!({ "input": input }),
            )
            .await;
        Person::new(self, &answer["completeSetup"])
    }

    /// Signs the owner in again.
    pub async fn sign_in(&self) -> Person<'_> {
        let answer = self
            .anonymous()
            .ask(
                "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken refreshToken player { id } } problems { code } } }",
                json!({ "input": { "name": "Anna", "password": PASSWORD } }),
            )
            .await;
        Person::new(self, &answer["login"])
    }

    /// Nobody in particular.
    pub fn anonymous(&self) -> Person<'_> {
        Person {
            hub: self,
            token: None,
            id: String::new(),
            refresh: String::new(),
        }
    }

    /// A machine with a key.
    pub fn with_key(&self, key: &str) -> Person<'_> {
        Person {
            hub: self,
            token: Some(key.to_owned()),
            id: String::new(),
            refresh: String::new(),
        }
    }
}
