//! djinn
fn main() {}
