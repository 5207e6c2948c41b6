#[tokio::main]
async fn main() { let p = djinn_testkit::ports::frozen().await; println!("{}", djinn_ai::Ai::assemble(p.ports.clone(), djinn_ai::Config::default()).sdl); }
