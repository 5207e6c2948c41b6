//! The real binary, started as people start it, and somebody who asks it.

use crate::{
    failure::{Attempt, Failure},
    process::{Process, Said},
};
use djinn_testkit::database::TestDatabase;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

const NAME: &str = "Anna";
const PASSWORD: &str = "open sesame, please";
/// Nobody answers there, so that no bench ever asks the real stores.
const NOWHERE: &str = "http://127.0.0.1:1";

/// A binary, its settings and its data, which outlive the processes that use them.
pub struct Home {
    binary: PathBuf,
    settings: Vec<(String, String)>,
    data: Arc<tempfile::TempDir>,
    _database: Option<TestDatabase>,
}

impl Home {
    /// With a SQLite file of its own and everything else as it comes, except `settings`.
    pub fn on_sqlite(binary: &Path, settings: &[(&str, String)]) -> Attempt<Self> {
        Self::make(binary, settings, None)
    }

    /// With a PostgreSQL database of its own and Redis, where the environment names them.
    pub async fn on_services(binary: &Path) -> Attempt<Option<Self>> {
        let (Some(_), Some(redis)) = (djinn_testkit::database::server_url(), redis_url()) else {
            return Ok(None);
        };
        let database = TestDatabase::create_empty().await;
        // The database's name is nobody else's, so the prefix is not either.
        let prefix = database
            .url
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let settings = [
            ("DATABASE_URL", database.url.clone()),
            ("REDIS_URL", redis),
            ("DJINN__BUS__PREFIX", prefix),
            (
                "SECRET_KEY",
                "a secret that all processes of a bench share".to_owned(),
            ),
        ];
        Self::make(binary, &settings, Some(database)).map(Some)
    }

    fn make(
        binary: &Path,
        settings: &[(&str, String)],
        database: Option<TestDatabase>,
    ) -> Attempt<Self> {
        let data = tempfile::tempdir().map_err(Failure::doing("making a folder for the data"))?;
        let own = [
            (
                "DJINN__DATA__DIR",
                data.path().join("data").display().to_string(),
            ),
            ("DJINN__SERVER__METRICS", "off".to_owned()),
            ("DJINN__LIMITS__ANONYMOUS_DOCUMENTS", "any".to_owned()),
            // One bench asks more than any household: what is counted by caller is left aside.
            ("DJINN__LIMITS__REQUESTS_PER_SECOND", "0".to_owned()),
            ("DJINN__LIMITS__CONNECTIONS_PER_ADDRESS", "0".to_owned()),
            ("DJINN__LIMITS__SOCKETS_PER_CALLER", "0".to_owned()),
            ("DJINN__LIMITS__SOCKETS_PER_ADDRESS", "0".to_owned()),
            ("WEB_PORT", "0".to_owned()),
            // The bench asks as fast as it can, which is what this bound is there to refuse.
            ("DJINN__LIMITS__REQUESTS_PER_SECOND", "0".to_owned()),
            ("DJINN__STEAM__API_URL", NOWHERE.to_owned()),
            ("DJINN__STEAM__STORE_URL", NOWHERE.to_owned()),
        ];
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, value) in own.iter().chain(settings) {
            all.retain(|(other, _)| other != name);
            all.push(((*name).to_owned(), value.clone()));
        }
        Ok(Self {
            binary: binary.to_owned(),
            settings: all,
            data: Arc::new(data),
            _database: database,
        })
    }

    /// Starts the hub as one process.
    pub async fn one(&self) -> Attempt<Hub> {
        let (process, said) = Process::start(&self.binary, &["serve"], &self.settings).await?;
        Ok(Hub::new(vec![process], said, &self.data))
    }

    /// Starts five subgraph processes and a router.
    pub async fn many(&self) -> Attempt<Hub> {
        let mut settings = self.settings.clone();
        let (mut processes, mut setup_token) = (Vec::new(), None);
        for name in ["session", "metadata", "library", "ai", "leaderboard"] {
            let (process, said) =
                Process::start(&self.binary, &["serve", "--only", name], &self.settings).await?;
            processes.push(process);
            settings.push((
                format!("DJINN__SUBGRAPHS__{}", name.to_uppercase()),
                said.url,
            ));
            setup_token = setup_token.or(said.setup_token);
        }
        let (process, mut said) = Process::start(&self.binary, &["serve"], &settings).await?;
        processes.push(process);
        said.setup_token = setup_token;
        Ok(Hub::new(processes, said, &self.data))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "benches choose their servers by the environment, like tests"
)]
fn redis_url() -> Option<String> {
    std::env::var("TEST_REDIS_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// An HTTP client that keeps its connection.
#[expect(
    clippy::disallowed_methods,
    reason = "a client of the hub, with a time-out"
)]
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .timeout(Duration::from_mins(2))
        .tcp_nodelay(true)
        .build()
        .unwrap_or_default()
}

/// A running hub with its owner in front of it. Its processes are killed when it is dropped.
pub struct Hub {
    /// Where it is.
    pub url: String,
    /// The owner's access token, good for ten minutes.
    pub token: String,
    /// From the start of the process to its being ready; of the router where there are many.
    pub ready_after: Duration,
    processes: Vec<Process>,
    setup_token: Option<String>,
    http: reqwest::Client,
    _data: Arc<tempfile::TempDir>,
}

impl Hub {
    fn new(processes: Vec<Process>, said: Said, data: &Arc<tempfile::TempDir>) -> Self {
        let (url, setup_token, ready_after) = (said.url, said.setup_token, said.ready_after);
        Self {
            url,
            token: String::new(),
            ready_after,
            processes,
            setup_token,
            http: client(),
            _data: Arc::clone(data),
        }
    }

    /// Makes its first owner.
    pub async fn set_up(&mut self) -> Attempt<()> {
        let input = json!({ "token": self.setup_token, "name": NAME, "password": PASSWORD });
        self.enter("completeSetup", "CompleteSetupInput", input)
            .await
    }

    /// Signs the owner in again: a token lasts ten minutes.
    pub async fn sign_in(&mut self) -> Attempt<()> {
        self.token = self.another_login().await?;
        Ok(())
    }

    /// The token of a login of its own, as of another device.
    pub async fn another_login(&self) -> Attempt<String> {
        let input = json!({ "name": NAME, "password": PASSWORD });
        self.tokens("login", "LoginInput", input).await
    }

    async fn enter(&mut self, field: &str, input_type: &str, input: Value) -> Attempt<()> {
        self.token = self.tokens(field, input_type, input).await?;
        Ok(())
    }

    async fn tokens(&self, field: &str, input_type: &str, input: Value) -> Attempt<String> {
        let document = format!(
            "mutation($input: {input_type}!) {{ {field}(input: $input) {{ tokens {{ accessToken }} problems {{ code message }} }} }}"
        );
        let answer = self.ask(&document, json!({ "input": input })).await?;
        let token = answer[field]["tokens"]["accessToken"].as_str();
        let token = token.ok_or_else(|| Failure::Refused(field.to_owned(), answer.to_string()))?;
        Ok(token.to_owned())
    }

    /// The request as a client would send it.
    pub fn request(&self, http: &reqwest::Client, body: &Value) -> reqwest::RequestBuilder {
        let request = http.post(format!("{}/graphql", self.url)).json(body);
        if self.token.is_empty() {
            request
        } else {
            request.bearer_auth(&self.token)
        }
    }

    /// The whole answer, and how long it took from the first byte sent to the last one read.
    pub async fn timed(&self, document: &str, variables: &Value) -> Attempt<(Duration, Value)> {
        let request = self.request(
            &self.http,
            &json!({ "query": document, "variables": variables }),
        );
        let begun = Instant::now();
        let answer = request
            .send()
            .await
            .map_err(Failure::doing("asking the hub"))?;
        let body = answer
            .bytes()
            .await
            .map_err(Failure::doing("reading an answer"))?;
        let took = begun.elapsed();
        // What is not JSON is a wrong body, for the checks to count.
        Ok((took, serde_json::from_slice(&body).unwrap_or(Value::Null)))
    }

    /// The data; an error ends the bench.
    pub async fn ask(&self, document: &str, variables: Value) -> Attempt<Value> {
        let (_, mut answer) = self.timed(document, &variables).await?;
        if answer["data"].is_null() || !answer["errors"].is_null() {
            return Err(Failure::Refused(document.to_owned(), answer.to_string()));
        }
        Ok(answer["data"].take())
    }

    /// Asks until `good`, every `pause`, and says how long that took.
    pub async fn until(
        &self,
        seconds: u64,
        pause: Duration,
        document: &str,
        good: impl Fn(&Value) -> bool,
    ) -> Attempt<Duration> {
        let begun = Instant::now();
        let mut last = Value::Null;
        while begun.elapsed() < Duration::from_secs(seconds) {
            last = self.ask(document, json!({})).await?;
            if good(&last) {
                return Ok(begun.elapsed());
            }
            tokio::time::sleep(pause).await;
        }
        Err(Failure::TooLate(format!("{document} said {last}"), seconds))
    }

    /// Sends a file, and says what it is kept as.
    pub async fn upload(&self, file: Vec<u8>) -> Attempt<Value> {
        let kept: Value = self
            .http
            .post(format!("{}/upload", self.url))
            .header("content-type", "application/octet-stream")
            .bearer_auth(&self.token)
            .body(file)
            .send()
            .await
            .map_err(Failure::doing("sending a file"))?
            .json()
            .await
            .map_err(Failure::doing("reading what a file is kept as"))?;
        if kept["upload"].is_null() {
            return Err(Failure::Refused("/upload".to_owned(), kept.to_string()));
        }
        Ok(kept["upload"].clone())
    }

    /// Fetches a file piece by piece, and says how long it is.
    pub async fn download(&self, path: &str) -> Attempt<usize> {
        let mut answer = self
            .http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .map_err(Failure::doing("fetching a file"))?;
        let mut bytes = 0;
        while let Some(piece) = answer
            .chunk()
            .await
            .map_err(Failure::doing("fetching a file"))?
        {
            bytes += piece.len();
        }
        Ok(bytes)
    }

    /// The most memory its processes have had since [`Self::forget_peak`], in MB.
    pub fn peak(&self) -> Attempt<f64> {
        self.processes.iter().map(Process::peak).sum()
    }

    /// Counts the peak of its memory from here on, and says what that is now, in MB.
    pub fn forget_peak(&self) -> Attempt<f64> {
        self.processes.iter().try_for_each(Process::forget_peak)?;
        self.peak()
    }

    /// Memory in use by all its processes, in MB.
    pub fn memory(&self) -> Attempt<f64> {
        self.processes.iter().map(Process::memory).sum()
    }

    /// Processor time all its processes have used so far.
    pub fn processor_time(&self) -> Attempt<Duration> {
        self.processes.iter().map(Process::processor_time).sum()
    }

    /// Asks all its processes to stop, and waits for them.
    pub async fn stop(self) -> Attempt<()> {
        // The router first: it should not complain about subgraphs that are gone.
        for process in self.processes.into_iter().rev() {
            process.stop().await?;
        }
        Ok(())
    }
}
