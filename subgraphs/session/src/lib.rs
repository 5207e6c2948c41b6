//! The session subgraph: players, logins, keys, profiles, rooms.
