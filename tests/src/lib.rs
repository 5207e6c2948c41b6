//! Stories through the front door, in both placements and on both databases; benches.
