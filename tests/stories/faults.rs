//! What goes wrong, and what is left of the hub: rows F1 to F4, F10 and F19 to F22 of the fault table in
//! `docs/operations/resilience.md`.

mod asker;
mod busy;
mod network;
mod owners;
mod partial;
mod ready;
mod restarts;
mod stopping;
mod subscribers;
mod world;
