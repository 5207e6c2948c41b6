#[tokio::main]
async fn main() { let p = djinn_testkit::ports::frozen().await; println!("{}", djinn_leaderboard::Leaderboard::assemble(p.ports.clone(), djinn_leaderboard::Config::default()).sdl); }
