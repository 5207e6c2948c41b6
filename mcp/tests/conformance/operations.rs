/// The operation files of the conformance fixtures.
pub const FILES: &[(&str, &str)] = &[
    (
        "simple.graphql",
        "# Returns text.\nquery Simple @mcpTool(name: \"test_simple_text\") @mcpResource(uri: \"test://static-text\", name: \"static-text\", mimeType: \"text/plain\") { text }",
    ),
    (
        "fails.graphql",
        "# Always fails.\nquery Fails @mcpTool(name: \"test_error_handling\") { fails }",
    ),
    (
        "work.graphql",
        "# Reports progress.\nsubscription Progress @mcpTool(name: \"test_tool_with_progress\", progress: \"work.done\", total: \"work.total\", result: \"work.finished\") { work { done total finished } }",
    ),
    (
        "ask.graphql",
        "# Asks the person.\nmutation Ask($message: String!) @mcpTool(name: \"test_elicitation\", confirm: \"{message}\") { ask(message: $message) }",
    ),
    (
        "template.graphql",
        "query Template($id: ID!) @mcpResource(uri: \"test://template/{id}/data\", name: \"template\") { echo(id: $id) }",
    ),
    (
        "watched.graphql",
        "query Watched @mcpResource(uri: \"test://watched-resource\", name: \"watched\", mimeType: \"text/plain\", watch: \"Changes\") { text }",
    ),
    ("changes.graphql", "subscription Changes { changes }"),
    (
        "prompt.graphql",
        "query SimplePrompt @mcpPrompt(name: \"test_simple_prompt\", description: \"Simple.\", template: \"This is a simple prompt for testing.\") { text }",
    ),
    (
        "arguments.graphql",
        "query Arguments($arg1: String!, $arg2: String!) @mcpPrompt(name: \"test_prompt_with_arguments\", description: \"With arguments.\", template: \"Prompt with arguments: arg1='{{arg1}}', arg2='{{arg2}}'\") { echo(arg1: $arg1, arg2: $arg2) }",
    ),
    (
        "names.graphql",
        "query Names @mcpComplete(for: \"test_prompt_with_arguments.arg1 test_prompt_with_arguments.arg2\", values: \"names[]\") { names }",
    ),
];
