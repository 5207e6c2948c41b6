//! The leaderboard subgraph: boards, scores, exact ranks.
