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
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
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
    log: Log,
}

type Greeting = Lines<BufReader<ChildStdout>>;

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
        let (process, mut greeting, url) = Self::begin(binary, arguments, settings).await?;
        wait_until_ready(&client, &url)
            .await
            .ok_or_else(|| Failure::NoStart(lines(&process.log)))?;
        let ready_after = begun.elapsed();
        // The link for the setup, if any, is said at once after the address.
        let second = tokio::time::timeout(Duration::from_millis(200), greeting.next_line())
            .await
            .ok()
            .and_then(Result::ok)
            .flatten();
        let setup_token = second.and_then(|line| {
            line.split_once("/setup?token=")
                .map(|(_, token)| token.trim().to_owned())
        });
        tokio::spawn(async move { while let Ok(Some(_)) = greeting.next_line().await {} });
        let said = Said {
            url,
            setup_token,
            ready_after,
        };
        Ok((process, said))
    }

    /// Starts one and waits until it has said its address.
    async fn begin(
        binary: &Path,
        arguments: &[&str],
        settings: &[(String, String)],
    ) -> Attempt<(Self, Greeting, String)> {
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
        loop {
            let line = tokio::time::timeout(PATIENCE, greeting.next_line())
                .await
                .ok()
                .and_then(Result::ok)
                .flatten();
            let line = line.ok_or_else(complain)?;
            if let Some(at) = line.find("http://") {
                // By address: looking a name up is not what is measured.
                let url = line[at..].split_whitespace().next().unwrap_or_default();
                let url = url.replace("//localhost:", "//127.0.0.1:");
                return Ok((Self { child, id, log }, greeting, url));
            }
        }
    }

    /// Starts something that says its address in its first lines and needs no more.
    pub async fn announced(
        binary: &Path,
        arguments: &[&str],
        settings: &[(String, String)],
    ) -> Attempt<(Self, String)> {
        let (process, mut greeting, url) = Self::begin(binary, arguments, settings).await?;
        tokio::spawn(async move { while let Ok(Some(_)) = greeting.next_line().await {} });
        Ok((process, url))
    }

    /// Its number.
    pub const fn id(&self) -> u32 {
        self.id
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
        memory(self.id)
    }

    /// The most resident memory it has had since [`Self::forget_peak`], in MB of 1,000,000 bytes.
    pub fn peak(&self) -> Attempt<f64> {
        megabytes(self.id, "VmHWM:")
    }

    /// From here on, [`Self::peak`] counts anew.
    pub fn forget_peak(&self) -> Attempt<()> {
        // 5: the peak becomes what is resident now.
        std::fs::write(format!("/proc/{}/clear_refs", self.id), "5")
            .map_err(Failure::doing("forgetting a peak of memory"))
    }

    /// The processor time it has used, in user and kernel mode.
    pub fn processor_time(&self) -> Attempt<Duration> {
        processor_time(self.id)
    }
}

/// The resident memory of a process, in MB of 1,000,000 bytes.
pub fn memory(process: u32) -> Attempt<f64> {
    megabytes(process, "VmRSS:")
}

/// A figure of memory that the system keeps of a process, in MB of 1,000,000 bytes.
fn megabytes(process: u32, figure: &str) -> Attempt<f64> {
    let status = read(process, "status")?;
    let kib = status.lines().find_map(|line| {
        line.strip_prefix(figure)?
            .trim()
            .strip_suffix(" kB")?
            .trim()
            .parse::<f64>()
            .ok()
    });
    kib.map(|kib| kib * 1024.0 / 1e6)
        .ok_or_else(|| Failure::Refused(figure.to_owned(), status))
}

/// The processor time a process has used, in user and kernel mode.
pub fn processor_time(process: u32) -> Attempt<Duration> {
    let stat = read(process, "stat")?;
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

fn read(process: u32, file: &str) -> Attempt<String> {
    std::fs::read_to_string(format!("/proc/{process}/{file}"))
        .map_err(Failure::doing("reading /proc"))
}

async fn wait_until_ready(client: &reqwest::Client, url: &str) -> Option<()> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let asked = client.get(format!("{url}/ready")).send().await;
        if let Ok(answer) = asked
            && let Ok(said) = answer.text().await
            // All of it: a router that has some of its subgraphs is ready already.
            && said.contains(r#""whole":true"#)
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
