//! A process of the hub, from its greeting to its end.

use serde_json::Value;
use std::{
    net::SocketAddr,
    process::Stdio,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const BINARY: &str = env!("CARGO_BIN_EXE_djinn");

/// A process of the hub. Killed when dropped.
pub struct Process {
    pub child: Child,
    pub log: Arc<Mutex<String>>,
    /// Ends with the process's last line.
    pub reader: tokio::task::JoinHandle<()>,
}

/// Where the figures are of a process that was told to choose a port for them: it says so in its
/// log.
pub async fn metrics_of(log: impl Fn() -> String) -> String {
    let reading = async {
        loop {
            let log = log();
            let mut lines = log
                .lines()
                .filter(|line| line.contains("/metrics is served"));
            if let Some((_, address)) = lines.find_map(|line| line.split_once("address=")) {
                let address = address.split_whitespace().next().unwrap();
                return format!("http://{address}/metrics");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let read = tokio::time::timeout(Duration::from_secs(30), reading).await;
    read.unwrap_or_else(|_| panic!("it does not say where its figures are: {}", log()))
}

/// Waits until a log is so.
pub async fn until_logged(log: impl Fn() -> String, good: impl Fn(&str) -> bool) {
    let reading = async {
        while !good(&log()) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let read = tokio::time::timeout(Duration::from_secs(30), reading).await;
    assert!(read.is_ok(), "it does not say so: {}", log());
}

#[expect(
    clippy::disallowed_methods,
    reason = "a client of the hub, with a time-out"
)]
pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .timeout(Duration::from_mins(1))
        .build()
        .unwrap()
}

/// What it said when it had started.
pub struct Said {
    pub url: String,
    pub setup_token: Option<String>,
}

/// Starts one, and waits until it is ready.
pub async fn spawn(arguments: &[&str], settings: &[(String, String)]) -> (Process, Said) {
    let mut child = Command::new(BINARY)
        .args(arguments)
        .env_clear()
        .envs(settings.iter().map(|(k, v)| (k, v)))
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let log = Arc::new(Mutex::new(String::new()));
    let mut errors = BufReader::new(child.stderr.take().unwrap()).lines();
    let kept = Arc::clone(&log);
    let reader = tokio::spawn(async move {
        while let Ok(Some(line)) = errors.next_line().await {
            let mut log = kept.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
        }
    });
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = Said {
        url: String::new(),
        setup_token: None,
    };
    let needs_token = !arguments.contains(&"--only") || arguments.contains(&"session");
    let greeting = async {
        while let Ok(Some(line)) = lines.next_line().await {
            if let Some((_, token)) = line.split_once("/setup?token=") {
                said.setup_token = Some(token.trim().to_owned());
            } else if let Some(at) = line.find("http://") {
                // Behind a proxy it is elsewhere for people; tests go where it listens.
                line[at..].trim().clone_into(&mut said.url);
            }
            // The hub ends its greeting with an empty line.
            if !said.url.is_empty() && (line.trim().is_empty() || !needs_token) {
                break;
            }
        }
    };
    let greeted = tokio::time::timeout(Duration::from_mins(1), greeting).await;
    assert!(
        greeted.is_ok() && !said.url.is_empty(),
        "the hub did not start: {}",
        log.lock().unwrap()
    );
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    wait_until_ready(&said.url).await;
    let process = Process { child, log, reader };
    (process, said)
}

/// Where a URL leads on this machine.
pub fn address_of(url: &str) -> SocketAddr {
    let port = url.rsplit(':').next().unwrap();
    format!("127.0.0.1:{port}").parse().unwrap()
}

/// Asks a process to stop, and says how it ended and when it had been asked.
pub async fn stop(process: &mut Process) -> (std::process::ExitStatus, Instant) {
    let id = process.child.id().unwrap().to_string();
    let asked = Command::new("kill").arg(id).status().await.unwrap();
    assert!(asked.success());
    let asked = Instant::now();
    // What is under way has eight seconds; the rest is for a machine that is busy.
    let ended = tokio::time::timeout(Duration::from_secs(20), process.child.wait());
    (ended.await.expect("it stops in time").unwrap(), asked)
}

async fn wait_until_ready(url: &str) {
    let client = client();
    let started = Instant::now();
    while started.elapsed() < Duration::from_mins(1) {
        let asked = client.get(format!("{url}/ready")).send().await;
        if let Ok(answer) = asked
            && let Ok(Value::Object(said)) = answer.json().await
            // All of it: a router that has some of its subgraphs is ready already.
            && said["whole"] == true
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{url} never became ready");
}
