//! What an operation is to MCP: its directives read and checked against its selection.

use crate::{
    CONFIRM, Complete, Lookup, Path, Prompt, Resource, Start, Tool, Variable,
    directive::{Arguments, Word},
    document::{File, Refusal, placed},
    input::Inputs,
    template::{self, ONE, TWO},
};
use apollo_compiler::{
    Node,
    executable::{self, Directive, OperationType},
};
use djinn_kernel::Scope;

impl File<'_> {
    pub(crate) fn tool(
        &self,
        operation: &Node<executable::Operation>,
        node: &Node<Directive>,
        name: &str,
        inputs: &mut Inputs<'_>,
        variables: &mut Vec<Variable>,
    ) -> Result<Tool, Refusal> {
        let said = Arguments(node);
        let here = || self.place_of(node);
        let query = operation.operation_type == OperationType::Query;
        let name = said.text("name").unwrap_or_else(|| name.to_owned());
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if name.is_empty() || name.len() > 128 || !name.chars().all(fits) {
            return Err((
                here(),
                format!("`{name}` is no tool name: 1 to 128 letters, digits, `_`, `.` or `-`"),
            ));
        }
        let scope = match said.text("scope") {
            Some(text) => Some(
                Scope::parse(&text)
                    .ok_or_else(|| (here(), format!("there is no scope `{text}`")))?,
            ),
            None => None,
        };
        let message: Vec<Path> = said
            .text("message")
            .unwrap_or_default()
            .split_whitespace()
            .map(Path::parse)
            .collect();
        let (progress, total, result) = (
            said.path("progress"),
            said.path("total"),
            said.path("result"),
        );
        let streams = [&progress, &total, &result]
            .into_iter()
            .flatten()
            .chain(&message)
            .next()
            .is_some();
        let start = said.text("start");
        if (streams || start.is_some()) && operation.operation_type != OperationType::Subscription {
            let message =
                "`progress`, `total`, `message`, `result` and `start` belong to a subscription"
                    .to_owned();
            return Err((here(), message));
        }
        for path in [&progress, &total, &result]
            .into_iter()
            .flatten()
            .chain(&message)
        {
            self.check(operation, path)
                .map_err(|message| (here(), message))?;
        }
        let message = message.into_iter().map(|path| Word {
            meanings: self.meanings(operation, &path),
            path,
        });
        let message = message.collect();
        let confirm = said.text("confirm");
        if confirm.is_some() && variables.iter().any(|variable| variable.name == CONFIRM) {
            let message = format!("`{CONFIRM}` is the argument of a person's yes, and no variable");
            return Err((here(), message));
        }
        let question = confirm.as_deref().unwrap_or_default();
        let confirm_from = match said.text("confirmFrom") {
            Some(name) => Some(self.lookup(&name, question, here(), inputs, variables)?),
            None => {
                placed(question, variables, here())?;
                None
            }
        };
        let start = match start {
            Some(start) => Some(self.start(&start, &said, here(), inputs, variables)?),
            None => None,
        };
        Ok(Tool {
            name,
            title: said.text("title"),
            read_only: said.yes("readOnly", query),
            destructive: said.yes("destructive", !query),
            idempotent: said.yes("idempotent", query),
            open_world: said.yes("openWorld", false),
            problems: self
                .problems(operation, said.path("problems"))
                .map_err(|message| (here(), message))?,
            confirm,
            confirm_from,
            max_items: said
                .number("maxItems")
                .and_then(|number| usize::try_from(number).ok()),
            ttl_ms: said
                .number("ttlMs")
                .and_then(|number| u64::try_from(number).ok()),
            meta: said.object("meta"),
            progress,
            total,
            message,
            result,
            scope,
            start,
        })
    }

    /// The mutation that is run first; its variables become the tool's too.
    fn start(
        &self,
        name: &str,
        said: &Arguments<'_>,
        here: Option<(usize, usize)>,
        inputs: &mut Inputs<'_>,
        variables: &mut Vec<Variable>,
    ) -> Result<Start, Refusal> {
        let operation = self
            .document
            .operations
            .named
            .get(name)
            .filter(|operation| operation.operation_type == OperationType::Mutation)
            .ok_or_else(|| {
                (
                    here,
                    format!("`start`: there is no mutation `{name}` in this file"),
                )
            })?;
        let own = self.variables(operation, inputs)?;
        let takes = own.iter().map(|variable| variable.name.clone()).collect();
        for variable in own {
            match variables
                .iter_mut()
                .find(|known| known.name == variable.name)
            {
                None => variables.push(variable),
                Some(known) if known.schema.get("type") == variable.schema.get("type") => {
                    known.required |= variable.required;
                }
                Some(_) => {
                    let message = format!("`${}` has two types in this file", variable.name);
                    return Err((self.place_of(operation), message));
                }
            }
        }
        Ok(Start {
            name: name.to_owned(),
            document: self.stripped(operation),
            takes,
            problems: self
                .problems(operation, None)
                .map_err(|message| (here, message))?,
            tolerates: said.texts("startTolerates"),
        })
    }

    /// The query that a question takes names from: its variables are the tool's, and every place of
    /// the question is one of those or in its answer.
    fn lookup(
        &self,
        name: &str,
        question: &str,
        here: Option<(usize, usize)>,
        inputs: &mut Inputs<'_>,
        variables: &[Variable],
    ) -> Result<Lookup, Refusal> {
        let operations = &self.document.operations;
        let query = operations.named.get(name);
        let query = query.filter(|query| query.operation_type == OperationType::Query);
        let Some(query) = query else {
            let message = format!("`confirmFrom`: there is no query `{name}` in this file");
            return Err((here, message));
        };
        let own = self.variables(query, inputs)?;
        let same = |own: &Variable| {
            let known = variables.iter().find(|known| known.name == own.name);
            known.is_some_and(|known| known.schema.get("type") == own.schema.get("type"))
        };
        if let Some(strange) = own.iter().find(|own| !same(own)) {
            let message = format!("`${}` is no such variable of the tool", strange.name);
            return Err((self.place_of(query), message));
        }
        for place in template::places(question, ONE) {
            let first = template::first(place);
            if !variables.iter().any(|variable| variable.name == first) {
                self.check(query, &Path::parse(place))
                    .map_err(|message| (here, message))?;
            }
        }
        Ok(Lookup {
            name: name.to_owned(),
            document: self.stripped(query),
            takes: own.into_iter().map(|variable| variable.name).collect(),
        })
    }

    pub(crate) fn resource(
        &self,
        operation: &Node<executable::Operation>,
        comment: &str,
        variables: &[Variable],
    ) -> Result<Option<Resource>, Refusal> {
        let Some(node) = operation.directives.get("mcpResource") else {
            return Ok(None);
        };
        let said = Arguments(node);
        let uri = said.text("uri").unwrap_or_default();
        for variable in variables
            .iter()
            .filter(|variable| variable.required && variable.is_argument())
        {
            if !uri.contains(&format!("{{{}}}", variable.name)) {
                return Err((
                    self.place_of(node),
                    format!("`uri` has no place for `${}`", variable.name),
                ));
            }
        }
        Ok(Some(Resource {
            uri,
            name: said.text("name").unwrap_or_default(),
            description: said
                .text("description")
                .unwrap_or_else(|| comment.to_owned()),
            mime_type: said
                .text("mimeType")
                .unwrap_or_else(|| "application/json".to_owned()),
            watch: said.text("watch"),
        }))
    }

    pub(crate) fn prompt(
        &self,
        operation: &Node<executable::Operation>,
        comment: &str,
        variables: &[Variable],
    ) -> Result<Option<Prompt>, Refusal> {
        let Some(node) = operation.directives.get("mcpPrompt") else {
            return Ok(None);
        };
        let said = Arguments(node);
        let template = said.text("template").unwrap_or_default();
        for place in template::places(&template, TWO) {
            let name = template::first(place);
            if !variables.iter().any(|variable| variable.name == name) {
                self.check(operation, &Path::parse(place))
                    .map_err(|message| (self.place_of(node), message))?;
            }
        }
        Ok(Some(Prompt {
            name: said.text("name").unwrap_or_default(),
            description: said
                .text("description")
                .unwrap_or_else(|| comment.to_owned()),
            template,
        }))
    }

    pub(crate) fn complete(
        &self,
        operation: &Node<executable::Operation>,
    ) -> Result<Option<Complete>, Refusal> {
        let Some(node) = operation.directives.get("mcpComplete") else {
            return Ok(None);
        };
        let said = Arguments(node);
        let values = said.path("values").unwrap_or_default();
        self.check(operation, &values)
            .map_err(|message| (self.place_of(node), message))?;
        let targets = said
            .text("for")
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        Ok(Some(Complete { targets, values }))
    }
}
