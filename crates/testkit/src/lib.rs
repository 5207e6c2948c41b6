//! What tests stand on: frozen ports, a database and bus of their own, and the real binary.
//!
//! [`ports::frozen`] gives a subgraph everything it needs, with time, ids and randomness under
//! the test's control. Without further ado the database is a SQLite file that goes away with the
//! test; with `TEST_DATABASE_URL` it is a fresh PostgreSQL database, with `TEST_REDIS_URL` the bus
//! is Redis. So the same stories run on both.

pub mod clock;
pub mod database;
pub mod epic;
pub mod fault;
pub mod gog;
pub mod http;
pub mod ports;
pub mod psn;
pub mod stand_in;
pub mod steam;
pub mod viewers;
pub mod xbox;
