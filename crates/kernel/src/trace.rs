//! Where a piece of work stands in its trace, as W3C Trace Context writes it: `traceparent`.
//!
//! The ids are ours to choose, so that they are there whether or not anybody collects spans: they
//! go on to other processes and with events, and whoever does collect finds the same ones.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// One span of one trace (W3C Trace Context, level 1, section 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceParent {
    trace: u128,
    span: u64,
    sampled: bool,
}

/// `00-` trace `-` span `-` flags.
const LENGTH: usize = 2 + 1 + 32 + 1 + 16 + 1 + 2;
/// The one flag of level 1.
const SAMPLED: u8 = 1;

impl TraceParent {
    /// The first span of a new trace, which is called like `id`: a new id of version 7 is unique,
    /// and its last 62 bits are random, as sampling by the trace's id wants them.
    pub fn root(id: Uuid) -> Self {
        let trace = id.as_u128().max(1);
        Self {
            trace,
            span: next(trace as u64),
            sampled: true,
        }
    }

    /// Reads a header. `None` for anything malformed, which is to be ignored: version `ff`, ids of
    /// zeros, capitals, or a length that the version does not have.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let version = hex(text.get(..2)?)?;
        let good = match version {
            0xff => false,
            0 => bytes.len() == LENGTH,
            // A later version may say more, after another dash.
            _ => bytes.len() == LENGTH || bytes.get(LENGTH) == Some(&b'-'),
        };
        if !good
            || [2, 35, 52]
                .iter()
                .any(|dash| bytes.get(*dash) != Some(&b'-'))
        {
            return None;
        }
        let trace = hex(text.get(3..35)?).filter(|id| *id != 0)?;
        let span = hex(text.get(36..52)?).filter(|id| *id != 0)?;
        let flags = hex(text.get(53..LENGTH)?)?;
        Some(Self {
            trace,
            span: span as u64,
            sampled: flags as u8 & SAMPLED != 0,
        })
    }

    /// A new span below this one.
    #[must_use]
    pub fn child(self) -> Self {
        Self {
            span: next(self.trace as u64 ^ self.span),
            ..self
        }
    }

    /// The trace.
    pub const fn trace_id(self) -> u128 {
        self.trace
    }

    /// The span.
    pub const fn span_id(self) -> u64 {
        self.span
    }

    /// Whether whoever began the trace wants it collected.
    pub const fn is_sampled(self) -> bool {
        self.sampled
    }

    /// The same, wanted or not.
    #[must_use]
    pub const fn sampled(self, sampled: bool) -> Self {
        Self { sampled, ..self }
    }

    /// Reads one that came with something else, and takes a malformed one for none.
    pub fn lenient<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        Ok(text.as_deref().and_then(Self::parse))
    }
}

/// Lower-case digits only, as the specification has it.
fn hex(text: &str) -> Option<u128> {
    let lower = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if !text.bytes().all(lower) {
        return None;
    }
    u128::from_str_radix(text, 16).ok()
}

/// An id that this process has not given within the trace, and another hardly: a counter, mixed
/// with what is random in the trace by the finaliser of SplitMix64 (Steele et al., 2014).
fn next(seed: u64) -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut id = seed ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (id ^ (id >> 31)).max(1)
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = u8::from(self.sampled) * SAMPLED;
        write!(f, "00-{:032x}-{:016x}-{flags:02x}", self.trace, self.span)
    }
}

impl Serialize for TraceParent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn what_was_read_is_written_the_same() {
        let read = TraceParent::parse(GIVEN).unwrap();
        assert_eq!(read.to_string(), GIVEN);
        assert!(read.is_sampled());
        let unwanted = GIVEN.replace("-01", "-00");
        let read = TraceParent::parse(&unwanted).unwrap();
        assert!(!read.is_sampled() && !read.child().is_sampled());
        assert_eq!(read.to_string(), unwanted);
    }

    #[test]
    fn malformed_ones_are_none() {
        for bad in [
            "",
            "00",
            "garbage",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473é-0f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-+0f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
        ] {
            assert_eq!(TraceParent::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_later_version_may_say_more_and_unknown_flags_are_not_passed_on() {
        let later = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03-what-is-this";
        assert_eq!(TraceParent::parse(later).unwrap().to_string(), GIVEN);
    }

    #[test]
    fn children_stay_in_the_trace_and_have_ids_of_their_own() {
        let root = TraceParent::root(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        let children: HashSet<u64> = (0..10_000).map(|_| root.child().span_id()).collect();
        assert_eq!(children.len(), 10_000);
        assert!(!children.contains(&root.span_id()) && !children.contains(&0));
        assert_eq!(root.child().trace_id(), root.trace_id());
        assert_eq!(TraceParent::parse(&root.to_string()), Some(root));
    }

    #[test]
    fn the_nil_id_makes_a_trace_that_is_well_formed() {
        let root = TraceParent::root(Uuid::nil());
        assert_eq!(TraceParent::parse(&root.to_string()), Some(root));
    }
}
