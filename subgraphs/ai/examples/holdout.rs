//! Prints how good recommendations are on playtime that was held out, against popularity and
//! against the critics: `cargo run --release -p djinn-ai --example holdout`.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

#[path = "../tests/ai/holdout.rs"]
mod holdout;

use std::time::Instant;

fn main() {
    println!("seed  players  order        hit@10  precision@10  ndcg@10");
    for seed in 1..=5 {
        let start = Instant::now();
        let measured = holdout::measure(seed);
        for (order, figures) in [
            ("taste", measured.ours),
            ("popularity", measured.popularity),
            ("critics", measured.critics),
        ] {
            println!(
                "{seed:>4}  {:>7}  {order:<11}  {:>6.3}  {:>12.3}  {:>7.3}",
                measured.players, figures.hit_rate, figures.precision, figures.ndcg
            );
        }
        println!("      took {} ms", start.elapsed().as_millis());
    }
}
