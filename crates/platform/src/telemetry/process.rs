//! Figures of this process, under the names that every Prometheus client library uses. From
//! `/proc`; where there is none, there are no such figures.

use std::fs;

/// Ticks of `/proc/self/stat` in a second, and bytes of a page: what Linux tells user space on every
/// machine this is built for.
const TICKS: f64 = 100.0;
const PAGE: f64 = 4096.0;

/// Looks, and sets the gauges.
pub fn look() {
    let Some(stat) = fs::read_to_string("/proc/self/stat").ok() else {
        return;
    };
    // The name in parentheses may hold anything; what follows are numbers (proc_pid_stat(5)), the
    // third of all fields first.
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .map_or("", |(_, rest)| rest)
        .split_whitespace()
        .collect();
    let number = |place: usize| {
        let text = fields.get(place - 3)?;
        text.parse::<f64>().ok()
    };
    if let (Some(user), Some(system)) = (number(14), number(15)) {
        metrics::counter!("process_cpu_seconds_total").absolute(((user + system) / TICKS) as u64);
    }
    if let Some(pages) = number(24) {
        metrics::gauge!("process_resident_memory_bytes").set(pages * PAGE);
    }
    if let Some(threads) = number(20) {
        metrics::gauge!("process_threads").set(threads);
    }
    if let (Some(since), Some(boot)) = (number(22), booted()) {
        metrics::gauge!("process_start_time_seconds").set(boot + since / TICKS);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        metrics::gauge!("process_open_fds").set(open.count() as f64);
    }
}

/// When the machine started, in seconds of Unix time.
fn booted() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let line = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    line.trim().parse().ok()
}
