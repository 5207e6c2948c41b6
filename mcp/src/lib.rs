//! An MCP server generated from GraphQL operation files; it holds no rule and no domain word.
