//! One process of the hub: its start, its end, and what the system says about it.

use crate::{
    failure::{Attempt, Failure},
    hub::client,
};
use std::{
    collections::VecDeque,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

/// How long a start may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// How many lines of its log are kept for a complaint.
const KEPT_LINES: usize = 60;
/// What Linux counts processor time in, on every machine this runs on.
const TICKS_PER_SECOND: u64 = 100;

/// A running process, killed when dropped.
pub struct Process {
    child: Child,
    id: u32,
}

/// What it said when it started, and when it was ready.
pub struct Said {
    /// Where it listens.
    pub url: String,
    /// The setup link's token, when it waits for an owner.
    pub setup_token: Option<String>,
    /// From its start to the first good answer of `/ready`.
    pub ready_after: Duration,
}

impl Process {
    /// Starts one and waits until it is ready.
    pub async fn start(
        binary: &Path,
        arguments: &[&str],
        settings: &[(String, String)],
    ) -> Attempt<(Self, Said)> {
        let client = client();
        let begun = Instant::now();
        let mut child = Command::new(binary)
            .args(arguments)
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .current_dir(std::env::temp_dir())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(Failure::doing("starting the binary"))?;
        let log = keep_log(&mut child);
        let complain = || Failure::NoStart(lines(&log));
        let id = child.id().ok_or_else(complain)?;
        let mut greeting = BufReader::new(child.stdout.take().ok_or_else(complain)?).lines();
        let mut said = Said {
            url: String::new(),
            setup_token: None,
            ready_after: Duration::ZERO,
        };
        while said.url.is_empty() {
            let line = tokio::time::timeout(PATIENCE, greeting.next_line())
                .await
                .ok()
                .and_then(Result::ok)
                .flatten();
            let line = line.ok_or_else(complain)?;
            if let Some(at) = line.find("http://") {
                // By address: looking a name up is not what is measured.
                said.url = line[at..].trim().replace("//localhost:", "//127.0.0.1:");
            }
        }
        wait_until_ready(&client, &said.url)
            .await
            .ok_or_else(complain)?;
        said.ready_after = begun.elapsed();
        // The link for the setup, if any, is said at once after the address.
        let second = tokio::time::timeout(Duration::from_millis(200), greeting.next_line())
            .await
            .ok()
            .and_then(Result::ok)
            .flatten();
        said.setup_token = second.and_then(|line| {
            line.split_once("/setup?token=")
                .map(|(_, token)| token.trim().to_owned())
        });
        tokio::spawn(async move { while let Ok(Some(_)) = greeting.next_line().await {} });
        Ok((Self { child, id }, said))
    }

    /// Asks it to stop as a service manager would, and waits.
    pub async fn stop(mut self) -> Attempt<()> {
        Command::new("kill")
            .arg(self.id.to_string())
            .status()
            .await
            .map_err(Failure::doing("stopping the hub"))?;
        if tokio::time::timeout(Duration::from_secs(15), self.child.wait())
            .await
            .is_err()
        {
            self.child
                .kill()
                .await
                .map_err(Failure::doing("killing the hub"))?;
        }
        Ok(())
    }

    /// Its resident memory, in MB of 1,000,000 bytes.
    pub fn memory(&self) -> Attempt<f64> {
        let status = self.read("status")?;
        let kib = status.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix(" kB")?
                .trim()
                .parse::<f64>()
                .ok()
        });
        kib.map(|kib| kib * 1024.0 / 1e6)
            .ok_or_else(|| Failure::Refused("VmRSS".to_owned(), status))
    }

    /// The processor time it has used, in user and kernel mode.
    pub fn processor_time(&self) -> Attempt<Duration> {
        let stat = self.read("stat")?;
        // The name in brackets may have spaces; fields 14 and 15 are the 12th and 13th after it.
        let ticks: Option<u64> = stat.rsplit_once(')').map(|(_, rest)| {
            rest.split_whitespace()
                .skip(11)
                .take(2)
                .filter_map(|field| field.parse::<u64>().ok())
                .sum()
        });
        let ticks = ticks.ok_or_else(|| Failure::Refused("stat".to_owned(), stat.clone()))?;
        Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
    }

    fn read(&self, file: &str) -> Attempt<String> {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.id))
            .map_err(Failure::doing("reading /proc"))
    }
}

async fn wait_until_ready(client: &reqwest::Client, url: &str) -> Option<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if client
            .get(format!("{url}/ready"))
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            return Some(());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    None
}

type Log = Arc<Mutex<VecDeque<String>>>;

fn keep_log(child: &mut Child) -> Log {
    let log = Log::default();
    if let Some(errors) = child.stderr.take() {
        let (mut errors, kept) = (BufReader::new(errors).lines(), Arc::clone(&log));
        tokio::spawn(async move {
            while let Ok(Some(line)) = errors.next_line().await {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push_back(line);
                if kept.len() > KEPT_LINES {
                    kept.pop_front();
                }
            }
        });
    }
    log
}

fn lines(log: &Log) -> String {
    let log = log.lock().unwrap_or_else(PoisonError::into_inner);
    log.iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n")
}
