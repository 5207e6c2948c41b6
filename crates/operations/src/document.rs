//! One file read: parsed, validated and described. `role` has what it is to MCP, `rest`
//! its routes, `strip` the text to send.

use crate::{
    Kind, Operation, Path, Problem, Tool, Variable, comment,
    directive::Arguments,
    input::{Inputs, sentence},
    merge::merge,
    output::Outputs,
    template::{self, ONE},
};
use apollo_compiler::{
    Name, Node, Schema,
    collections::IndexSet,
    executable::{self, ExecutableDocument, OperationType},
    parser::SourceSpan,
    schema::ExtendedType,
    validation::Valid,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Where something is wrong, and what.
pub(crate) type Refusal = (Option<(usize, usize)>, String);
/// The same, before the place is counted in lines.
pub(crate) type Refused = (Option<SourceSpan>, String);

pub(crate) struct File<'a> {
    pub(crate) text: &'a str,
    pub(crate) schema: &'a Valid<Schema>,
    pub(crate) document: &'a Valid<ExecutableDocument>,
}

/// What a document is called by: the SHA-256 of its text, in hexadecimal.
pub fn id(document: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(document.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// Reads one file.
pub(crate) fn read(
    path: &str,
    text: &str,
    schema: &Valid<Schema>,
) -> Result<Operation, Vec<Problem>> {
    let document = ExecutableDocument::parse_and_validate(schema, text, path)
        .map_err(|error| Problem::all_of(&error.errors, path))?;
    let file = File {
        text,
        schema,
        document: &document,
    };
    file.describe(path).map_err(|(place, message)| {
        let (line, column) = place.unwrap_or((1, 1));
        vec![Problem {
            file: path.to_owned(),
            line,
            column,
            message,
        }]
    })
}

impl File<'_> {
    fn describe(&self, path: &str) -> Result<Operation, Refusal> {
        let operation = self.main()?;
        let name = operation
            .name
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let comment = operation
            .location()
            .map(|span| comment::above(self.text, span.offset()))
            .unwrap_or_default();
        let mut inputs = Inputs::new(self.schema);
        let mut variables = self.variables(operation, &mut inputs)?;
        let takes = variables
            .iter()
            .map(|variable| variable.name.clone())
            .collect();
        let tool = match operation.directives.get("mcpTool") {
            Some(node) => Some(self.tool(operation, node, &name, &mut inputs, &mut variables)?),
            None => None,
        };
        let said = operation
            .directives
            .get("mcpTool")
            .and_then(|node| Arguments(node).text("description"));
        let description = said.unwrap_or_else(|| comment.clone());
        let (output, output_schema) = self.output(operation, tool.as_ref())?;
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let mut input_schema = inputs.object(&variables);
        if let Some(node) = operation.directives.get("mcpTool") {
            merge(
                &mut input_schema,
                Arguments(node).object("inputSchema").into(),
            );
        }
        let contents = self.contents(&operation.selection_set)?;
        let document = self.stripped(operation);
        Ok(Operation {
            id: id(&document),
            resource: self.resource(operation, &comment, &variables)?,
            prompt: self.prompt(operation, &comment, &variables)?,
            complete: self.complete(operation)?,
            routes: self.routes(operation, file, &variables)?,
            kind: match operation.operation_type {
                OperationType::Query => Kind::Query,
                OperationType::Mutation => Kind::Mutation,
                OperationType::Subscription => Kind::Subscription,
            },
            slug: file.strip_suffix(".graphql").unwrap_or(file).to_owned(),
            folder: folder.rsplit('/').next().unwrap_or_default().to_owned(),
            document,
            source: self.text.to_owned(),
            line: self.place_of(operation).map_or(1, |(line, _)| line),
            file: path.to_owned(),
            name,
            takes,
            description,
            variables,
            input_schema,
            output_schema,
            output,
            contents,
            tool,
        })
    }

    /// The variables of an operation, each question of theirs with places that exist.
    pub(crate) fn variables(
        &self,
        operation: &executable::Operation,
        inputs: &mut Inputs<'_>,
    ) -> Result<Vec<Variable>, Refusal> {
        let variables = inputs.variables(operation, self.document, self.text);
        let variables = variables.map_err(|(span, message)| {
            let range = span.and_then(|span| span.line_column_range(&self.document.sources));
            (
                range.map(|range| (range.start.line, range.start.column)),
                message,
            )
        })?;
        for ask in variables
            .iter()
            .filter_map(|variable| variable.ask.as_ref())
        {
            placed(&ask.message, &variables, None)?;
        }
        Ok(variables)
    }

    /// The one operation that is neither another's `start` nor what its `confirm` takes names from.
    fn main(&self) -> Result<&Node<executable::Operation>, Refusal> {
        let tools = self.document.operations.iter();
        let tools = tools.filter_map(|operation| operation.directives.get("mcpTool"));
        let aside: Vec<String> = tools
            .flat_map(|node| ["start", "confirmFrom"].map(|name| Arguments(node).text(name)))
            .flatten()
            .collect();
        let mut main = self.document.operations.iter().filter(|operation| {
            !operation
                .name
                .as_ref()
                .is_some_and(|name| aside.iter().any(|other| other == name.as_str()))
        });
        let Some(operation) = main.next() else {
            return Err((None, "there is no operation in this file".to_owned()));
        };
        if operation.name.is_none() {
            return Err((
                self.place_of(operation),
                "the operation needs a name".to_owned(),
            ));
        }
        if let Some(second) = main.next() {
            let message =
                "a second operation: one file holds one, and what its `start` or `confirmFrom` names"
                    .to_owned();
            return Err((self.place_of(second), message));
        }
        Ok(operation)
    }

    fn output(
        &self,
        operation: &Node<executable::Operation>,
        tool: Option<&Tool>,
    ) -> Result<(crate::Output, Value), Refusal> {
        let node = ["mcpTool", "rest"]
            .into_iter()
            .filter_map(|name| operation.directives.get(name))
            .find(|node| Arguments(node).path("output").is_some());
        let outputs = Outputs {
            schema: self.schema,
            document: self.document,
        };
        let place_of = |path: &Path| {
            let here = || node.and_then(|node| self.place_of(node));
            outputs
                .at(&operation.selection_set, path)
                .map_err(|message| (here(), message))
        };
        if let Some(path) = node.and_then(|node| Arguments(node).path("output")) {
            return Ok(outputs.output(&place_of(&path)?, path));
        }
        if let Some(path) = tool.and_then(|tool| tool.result.as_ref()) {
            let place = place_of(path)?;
            if place.ty.inner_named_type() != "Boolean" {
                return Ok(outputs.output(&place, path.clone()));
            }
        }
        let path = self
            .root(operation)
            .map_or_else(Path::default, |key| Path::of_key(key.as_str()));
        Ok(outputs.output(&place_of(&path)?, path))
    }

    /// The response key of the only root field, if there is one only.
    fn root(&self, operation: &executable::Operation) -> Option<Name> {
        let mut keys: IndexSet<Name> = IndexSet::default();
        keys.extend(
            operation
                .root_fields(self.document)
                .map(|field| field.response_key().clone()),
        );
        if keys.len() == 1 { keys.pop() } else { None }
    }

    /// Where refusals are: as said, or `problems` of the only root field.
    pub(crate) fn problems(
        &self,
        operation: &Node<executable::Operation>,
        said: Option<Path>,
    ) -> Result<Option<Path>, String> {
        if let Some(path) = said {
            return self.check(operation, &path).map(|()| Some(path));
        }
        let usual = self
            .root(operation)
            .map(|key| Path::of_key(key.as_str()).and("problems"));
        Ok(usual.filter(|path| self.check(operation, path).is_ok()))
    }

    pub(crate) fn check(
        &self,
        operation: &Node<executable::Operation>,
        path: &Path,
    ) -> Result<(), String> {
        let outputs = Outputs {
            schema: self.schema,
            document: self.document,
        };
        outputs.at(&operation.selection_set, path).map(|_| ())
    }

    /// What the values of the enum at a place mean, each in a sentence.
    pub(crate) fn meanings(
        &self,
        operation: &Node<executable::Operation>,
        path: &Path,
    ) -> BTreeMap<String, String> {
        let outputs = Outputs {
            schema: self.schema,
            document: self.document,
        };
        let place = outputs.at(&operation.selection_set, path).ok();
        let def = place.and_then(|place| self.schema.types.get(place.ty.inner_named_type()));
        let Some(ExtendedType::Enum(def)) = def else {
            return BTreeMap::new();
        };
        let meaning = |text: &Node<str>| {
            let whole = sentence(text);
            let first = whole.split_once(". ").map_or(&*whole, |(first, _)| first);
            first.trim_end_matches('.').to_owned()
        };
        let values = def.values.values();
        values
            .filter_map(|value| {
                let meaning = meaning(value.description.as_ref()?);
                Some((value.value.to_string(), meaning))
            })
            .collect()
    }

    pub(crate) fn place_of<T>(&self, node: &Node<T>) -> Option<(usize, usize)> {
        node.line_column_range(&self.document.sources)
            .map(|range| (range.start.line, range.start.column))
    }
}

/// Whether each place of a question is a variable's.
pub(crate) fn placed(
    question: &str,
    variables: &[Variable],
    here: Option<(usize, usize)>,
) -> Result<(), Refusal> {
    let unknown = template::places(question, ONE).into_iter().find(|place| {
        let name = template::first(place);
        !variables.iter().any(|variable| variable.name == name)
    });
    unknown.map_or(Ok(()), |place| {
        Err((
            here,
            format!("`{question}`: there is no variable `${place}`"),
        ))
    })
}
