//! Loads, validates and describes the GraphQL operation files that MCP, REST and trusted documents stand on.
