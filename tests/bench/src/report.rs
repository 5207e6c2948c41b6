//! What was measured, against what was hoped for.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the figures are what this program is for"
)]

use crate::{Counts, failure::Failure, latency::Latencies};
use std::{fmt, process::ExitCode};

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Plain.
    Count,
    /// Millions of bytes.
    Megabytes,
    /// Time.
    Seconds,
    /// Time.
    Milliseconds,
    /// Time.
    Microseconds,
    /// Requests.
    PerSecond,
    /// A ratio.
    Times,
}

/// A number with its unit, as people read it.
struct Shown(f64, Unit);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(value, unit) = *self;
        let digits = usize::from(value < 100.0) + usize::from(value < 10.0);
        let text = match unit {
            Unit::Count => format!("{value:.0}"),
            Unit::Megabytes => format!("{value:.1} MB"),
            Unit::Seconds => format!("{value:.2} s"),
            Unit::Milliseconds => format!("{value:.digits$} ms"),
            Unit::Microseconds => format!("{value:.0} µs"),
            Unit::PerSecond => format!("{value:.0}/s"),
            Unit::Times => format!("× {value:.2}"),
        };
        f.pad(&text)
    }
}

/// What a figure should be at most.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    at_most: f64,
    /// By what factor it may be missed before the bench fails.
    factor: f64,
}

/// What a ratio should reach; missing it fails nothing, since it depends on the machine.
#[derive(Debug, Clone, Copy)]
struct Hope(f64);

impl Goal {
    /// A goal that fails the bench when it is missed by more than `factor`.
    pub const fn gate(at_most: f64, factor: f64) -> Self {
        Self { at_most, factor }
    }
}

/// One line of the table.
#[derive(Debug)]
pub struct Figure {
    what: String,
    value: f64,
    unit: Unit,
    goal: Option<Goal>,
    hope: Option<Hope>,
}

impl Figure {
    /// Something measured.
    pub fn new(what: impl Into<String>, value: f64, unit: Unit) -> Self {
        Self {
            what: what.into(),
            value,
            unit,
            goal: None,
            hope: None,
        }
    }

    /// With what it should be at least.
    pub const fn at_least(mut self, value: f64) -> Self {
        self.hope = Some(Hope(value));
        self
    }

    /// With a goal.
    pub const fn against(mut self, goal: Goal) -> Self {
        self.goal = Some(goal);
        self
    }

    fn fails(&self) -> bool {
        self.goal
            .is_some_and(|goal| self.value > goal.at_most * goal.factor)
    }

    fn verdict(&self) -> String {
        if let Some(Hope(hope)) = self.hope {
            let reached = if self.value >= hope { "met" } else { "missed" };
            return reached.to_owned();
        }
        match self.goal {
            None => String::new(),
            Some(goal) if self.value <= goal.at_most => "met".to_owned(),
            Some(goal) if goal.at_most <= 0.0 => "MISSED".to_owned(),
            Some(goal) if self.fails() => {
                format!("MISSED, × {:.1}: gate", self.value / goal.at_most)
            }
            Some(goal) => format!("missed, × {:.1}", self.value / goal.at_most),
        }
    }
}

/// All lines, printed as they come.
pub struct Report {
    quick: bool,
    /// Said before each line, where the same is measured in several places.
    place: Option<&'static str>,
    wrong: usize,
    failed: Vec<String>,
    notes: Vec<String>,
}

impl Report {
    /// Prints what will be done and the head of the table.
    pub fn begin(counts: &Counts, quick: bool) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        println!(
            "Game Djinn's bench: {} games, {} requests each, after {} to warm up.",
            counts.games, counts.requests, counts.warm_up
        );
        println!(
            "{cores} processors, shared with the bench itself. Latencies: one request after another; throughput: 8 connections.\n"
        );
        println!("{:<76} {:>11} {:>10}  verdict", "what", "measured", "goal");
        println!("{}", "─".repeat(118));
        Self {
            quick,
            place: None,
            wrong: 0,
            failed: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Says before each line from here on where it is measured.
    pub const fn at(&mut self, place: Option<&'static str>) {
        self.place = place;
    }

    /// Prints a line.
    pub fn add(&mut self, mut figure: Figure) {
        if let Some(place) = self.place {
            figure.what = format!("{place}: {}", figure.what);
        }
        let goal = match (figure.goal, figure.hope) {
            (Some(goal), _) => format!("≤ {}", Shown(goal.at_most, figure.unit)),
            (None, Some(Hope(hope))) => format!("≥ {}", Shown(hope, figure.unit)),
            (None, None) => String::new(),
        };
        println!(
            "{:<76} {:>11} {goal:>10}  {}",
            figure.what,
            Shown(figure.value, figure.unit),
            figure.verdict()
        );
        if figure.fails() {
            self.failed.push(figure.what);
        }
    }

    /// Counts the wrong bodies among those of one kind of request, and shows the first.
    pub fn check(&mut self, what: &str, latencies: &Latencies) {
        let (wrong, example) = latencies.wrong();
        self.wrong += wrong;
        if let Some(example) = example {
            self.note(&format!(
                "{wrong} of {} wrong bodies of {what}; the first: {}",
                latencies.count(),
                example.chars().take(600).collect::<String>()
            ));
        }
    }

    /// Says something below the table.
    pub fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }

    /// Wrong bodies so far.
    pub const fn wrong(&self) -> usize {
        self.wrong
    }

    /// Prints what is below the table, and says how the bench ends.
    pub fn finish(self) -> ExitCode {
        println!("{}", "─".repeat(118));
        for note in &self.notes {
            println!("{note}");
        }
        println!(
            "Absolute figures depend on the machine and on what else it does; ratios are of this very run. A goal fails the\n\
             bench only when it is missed by a wide factor (docs/bench.md), or when a body was wrong."
        );
        if self.quick {
            println!(
                "A quick run tries the bench itself out: its figures mean little, and only wrong bodies fail it."
            );
        }
        if (self.failed.is_empty() || self.quick) && self.wrong == 0 {
            return ExitCode::SUCCESS;
        }
        for what in self.failed.iter().filter(|_| !self.quick) {
            println!("FAILED: {what}");
        }
        ExitCode::FAILURE
    }
}

/// Says why there are no figures.
pub fn complain(failure: &Failure) {
    eprintln!("djinn-bench: {failure}");
}
