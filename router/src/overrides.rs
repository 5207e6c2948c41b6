//! Progressive `@override(from:, label: "percent(…)")`: a part of the requests takes a field from
//! the new subgraph, the others from the old one.
//!
//! Which part a request belongs to follows from its id alone: every field of one answer is decided
//! by the same number, a repeated request id (it is in every log line) repeats the decision, and
//! several processes agree without asking each other.

use djinn_subgraph_kit::RequestId;

/// One in a hundred, in the planner's own unit: composition allows eight digits after the point.
const PERCENT: u64 = 100_000_000;
const WHOLE: u64 = 100 * PERCENT;

/// The shares that labels of one supergraph name, smallest first.
#[derive(Debug, Default)]
pub struct Shares(Vec<u64>);

/// How many of the shares a request is beyond. Requests with the same number have the same plans.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Side(usize);

impl Shares {
    /// The distinct shares of the labels, in the planner's unit.
    pub fn new(shares: impl IntoIterator<Item = u64>) -> Self {
        let mut all: Vec<u64> = shares.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// Where a request stands.
    pub fn side(&self, request: &RequestId) -> Side {
        if self.0.is_empty() {
            return Side::default();
        }
        let value = spread(request.0.as_bytes()) % WHOLE;
        Side(self.0.partition_point(|share| *share <= value))
    }

    /// A number that stands for all requests of a side: below exactly the shares that they are
    /// below.
    pub fn value(&self, side: Side) -> u64 {
        // Just on the last share passed: "below" is strict, so that one counts as passed.
        side.0
            .checked_sub(1)
            .and_then(|last| self.0.get(last))
            .copied()
            .unwrap_or(0)
    }
}

/// FNV-1a, then the finaliser of `MurmurHash3`, without which ids that differ in their last letters
/// only would fall close together.
fn spread(bytes: &[u8]) -> u64 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> RequestId {
        RequestId(format!("request-{number}").into())
    }

    #[test]
    fn as_many_requests_are_below_a_share_as_it_says() {
        let shares = Shares::new([20 * PERCENT, 75 * PERCENT, 20 * PERCENT]);
        let mut counts = [0; 3];
        for number in 0..10_000 {
            counts[shares.side(&id(number)).0] += 1;
        }
        let near = |count: i32, wanted: i32| (count - wanted).abs() < 200;
        assert!(
            near(counts[0], 2000) && near(counts[1], 5500) && near(counts[2], 2500),
            "{counts:?}"
        );
    }

    #[test]
    fn nobody_is_below_nothing_and_everybody_below_all() {
        let shares = Shares::new([0, WHOLE]);
        for number in 0..1000 {
            let value = shares.value(shares.side(&id(number)));
            assert!(value < WHOLE);
        }
        assert_eq!(shares.side(&id(1)), Side(1));
    }

    #[test]
    fn the_value_of_a_side_is_below_the_same_shares_as_its_requests() {
        let shares = Shares::new([10 * PERCENT, 30 * PERCENT]);
        let below = |side| {
            let value = shares.value(Side(side));
            shares.0.iter().filter(|share| value < **share).count()
        };
        assert_eq!([below(0), below(1), below(2)], [2, 1, 0]);
    }

    #[test]
    fn the_same_id_always_stands_at_the_same_side() {
        let shares = Shares::new([50 * PERCENT]);
        assert_eq!(shares.side(&id(7)), shares.side(&id(7)));
        assert_eq!(Shares::default().side(&id(7)), Side::default());
    }
}
