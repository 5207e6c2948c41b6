//! What one request may ask for. On by default; each refusal names its limit.

use crate::{
    error::{at, coded},
    shape::{Item, Shape},
};
use ahash::{HashMap, HashSet};
use async_graphql::ServerError;
use djinn_kernel::Code;
use graphql_tools::static_graphql::query::{
    Definition, Document, OperationDefinition, Selection, SelectionSet,
};
use serde::Deserialize;
use std::{collections::BTreeMap, time::Duration};

/// The bounds of one request. Each is counted after fragments are spread out.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How deep fields nest.
    pub depth: usize,
    /// How deep an introspection nests: the usual tools need fifteen, the root included.
    pub introspection_depth: usize,
    /// How many fields have an alias.
    pub aliases: usize,
    /// How many fields the operation has at its root.
    pub root_fields: usize,
    /// How long the document is, in bytes. What is large belongs into variables.
    pub document_bytes: usize,
    /// How many tokens the document has.
    pub tokens: usize,
    /// How many directives are applied.
    pub directives: usize,
    /// How many of them on one field or fragment.
    pub directives_at_once: usize,
    /// How many fields are selected in all.
    pub selections: usize,
    /// What the operation may cost, by `@cost` and `@listSize`.
    pub cost: u64,
    /// What one subgraph alone may have to do of it, by the subgraph's name; by default nothing but
    /// the limit of the whole bounds it.
    pub cost_of: BTreeMap<String, u64>,
    /// How long a list is taken to be of which nothing is known.
    pub list_size: u64,
    /// How many objects the answer may hold, by the sizes of the pages asked for; those that cost
    /// nothing count as well.
    pub objects: u64,
    /// Mutations of which one operation may run only one in all, by name: those that take a
    /// password or token, so that each guess is an operation of its own.
    pub single: Vec<String>,
    /// How deep selection sets of any kind nest, fragments in fragments included.
    pub nesting: usize,
    /// How long a request may take in all, in seconds. What has not answered by then is missing
    /// from the answer.
    pub request_seconds: u64,
    /// How long one subgraph may take to answer a question, in seconds. A mutation has all the time
    /// of its request.
    pub subgraph_seconds: u64,
    /// The same for subgraphs that need another time, by name.
    pub subgraph_seconds_of: BTreeMap<String, u64>,
    /// How many questions to one subgraph may be under way at once; one more hears at once that the
    /// subgraph is not available.
    pub subgraph_in_flight: usize,
    /// How many planned documents of the usual size are kept; fewer, when there are bigger ones.
    pub plan_cache: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 12,
            introspection_depth: 15,
            aliases: 30,
            root_fields: 20,
            document_bytes: 512 * 1024,
            tokens: 2_000,
            directives: 50,
            directives_at_once: 10,
            selections: 5_000,
            cost: 1_000,
            cost_of: BTreeMap::new(),
            list_size: 5,
            objects: 50_000,
            single: Vec::new(),
            nesting: 60,
            request_seconds: 30,
            subgraph_seconds: 5,
            subgraph_seconds_of: BTreeMap::new(),
            subgraph_in_flight: 512,
            plan_cache: 1_024,
        }
    }
}

impl Limits {
    pub(crate) fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_seconds)
    }

    pub(crate) fn subgraph_time_of(&self, subgraph: &str) -> Duration {
        let own = self.subgraph_seconds_of.get(subgraph);
        Duration::from_secs(*own.unwrap_or(&self.subgraph_seconds))
    }

    /// Refuses a text with too many tokens, before anything is built from it.
    pub(crate) fn check_text(&self, text: &str) -> Result<(), ServerError> {
        // First of all: a body that has room for a file has room for millions of tokens.
        too_complex("bytes", text.len(), self.document_bytes)?;
        // A text that cannot be split into tokens is the parser's to refuse.
        let tokens = graphql_tools::parser::spanned_tokens(text).map_or(0, |tokens| tokens.len());
        too_complex("tokens", tokens, self.tokens)
    }

    /// Refuses a document that asks for too much. Safe on any document: fragments are taken in an
    /// order in which none is met before those it spreads, without recursion.
    pub(crate) fn check(&self, document: &Document) -> Result<(), ServerError> {
        let fragments = weigh_fragments(document, self.nesting)?;
        for definition in &document.definitions {
            let Definition::Operation(operation) = definition else {
                continue;
            };
            self.check_operation(operation, &fragments)?;
        }
        Ok(())
    }

    /// Refuses a mutation that guesses more than once. Counted with fragments spread out and under
    /// whatever alias; conditions do not make it two.
    pub(crate) fn check_single(&self, shape: &Shape) -> Result<(), ServerError> {
        fn count(shape: &Shape, single: &[String]) -> usize {
            let each = shape.items.iter().map(|item| match item {
                Item::Field(field) => usize::from(single.contains(&field.name)),
                Item::Part { shape, .. } => count(shape, single),
            });
            each.sum()
        }
        if count(shape, &self.single) <= 1 {
            return Ok(());
        }
        let message = "The operation has more than 1 field that takes a password or token; send one at a time.";
        Err(beyond(1, coded(Code::QueryTooComplex, message)))
    }

    fn check_operation(
        &self,
        operation: &OperationDefinition,
        fragments: &HashMap<&str, Weight>,
    ) -> Result<(), ServerError> {
        let mut weight = weigh(operation.selection_set(), fragments);
        weight.directives = weight
            .directives
            .saturating_add(operation.directives().len());
        too_deep("levels of selections", weight.nesting, self.nesting)?;
        too_deep("levels", weight.depth, self.depth)?;
        too_deep(
            "levels of introspection",
            weight.introspection,
            self.introspection_depth,
        )?;
        too_complex("root fields", weight.top, self.root_fields)?;
        too_complex("aliases", weight.aliases, self.aliases)?;
        too_complex("directives", weight.directives, self.directives)?;
        too_complex(
            "directives on one field or fragment",
            weight.at_once.max(operation.directives().len()),
            self.directives_at_once,
        )?;
        too_complex("fields", weight.fields, self.selections)
    }
}

fn too_complex(what: &str, found: usize, limit: usize) -> Result<(), ServerError> {
    if found <= limit {
        return Ok(());
    }
    let message = format!("The query has more than {limit} {what}.");
    Err(beyond(limit, coded(Code::QueryTooComplex, message)))
}

fn too_deep(what: &str, found: usize, limit: usize) -> Result<(), ServerError> {
    if found <= limit {
        return Ok(());
    }
    let message = format!("The query nests more than {limit} {what} deep.");
    Err(beyond(limit, coded(Code::QueryTooDeep, message)))
}

/// Says the limit in a way that a program can read. Only what is counted on the text alone does:
/// see `discreet`.
fn beyond(limit: usize, mut error: ServerError) -> ServerError {
    error.extensions.get_or_insert_default().set("limit", limit);
    error
}

/// What a selection set asks for, fragments included.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    depth: usize,
    introspection: usize,
    nesting: usize,
    top: usize,
    fields: usize,
    aliases: usize,
    directives: usize,
    /// The most on one field or fragment.
    at_once: usize,
}

impl Weight {
    /// Adds what stands beside it, at the same level.
    fn beside(&mut self, other: &Self) {
        self.depth = self.depth.max(other.depth);
        self.introspection = self.introspection.max(other.introspection);
        self.nesting = self.nesting.max(other.nesting);
        // Saturating: fragments that spread others twice double it each time.
        self.top = self.top.saturating_add(other.top);
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.at_once = self.at_once.max(other.at_once);
    }

    /// Adds the directives of one field or fragment.
    fn apply(&mut self, directives: usize) {
        self.directives = self.directives.saturating_add(directives);
        self.at_once = self.at_once.max(directives);
    }
}

/// Recursion here follows braces in one text, which the parser bounds at fifty.
fn weigh(set: &SelectionSet, fragments: &HashMap<&str, Weight>) -> Weight {
    let mut sum = Weight::default();
    for selection in &set.items {
        let mut one = match selection {
            Selection::Field(field) => {
                let inner = weigh(&field.selection_set, fragments);
                let mut one = Weight {
                    top: 1,
                    fields: inner.fields.saturating_add(1),
                    ..inner
                };
                if field.name == "__schema" || field.name == "__type" {
                    one.introspection = inner.depth + 1;
                    one.depth = 0;
                } else {
                    one.depth = inner.depth + 1;
                }
                one.aliases = one
                    .aliases
                    .saturating_add(usize::from(field.alias.is_some()));
                one.apply(field.directives.len());
                one
            }
            Selection::InlineFragment(inline) => {
                let mut one = weigh(&inline.selection_set, fragments);
                one.apply(inline.directives.len());
                one
            }
            Selection::FragmentSpread(spread) => {
                // One that is not defined is validation's to refuse.
                let mut one = fragments
                    .get(spread.fragment_name.as_str())
                    .copied()
                    .unwrap_or_default();
                one.apply(spread.directives.len());
                one
            }
        };
        one.nesting += 1;
        sum.beside(&one);
    }
    sum
}

/// Weighs every fragment after those it spreads. What is left over spreads itself.
fn weigh_fragments(
    document: &Document,
    nesting: usize,
) -> Result<HashMap<&str, Weight>, ServerError> {
    let mut waiting = HashMap::default();
    let mut waits_for_it: HashMap<&str, Vec<&str>> = HashMap::default();
    let mut free = Vec::new();
    let mut bodies = HashMap::default();
    for definition in &document.definitions {
        let Definition::Fragment(fragment) = definition else {
            continue;
        };
        bodies.insert(fragment.name.as_str(), fragment);
    }
    for (name, fragment) in &bodies {
        let mut spreads = HashSet::default();
        spreads_of(&fragment.selection_set, &mut spreads);
        spreads.retain(|spread| bodies.contains_key(spread));
        if spreads.is_empty() {
            free.push(*name);
        }
        waiting.insert(*name, spreads.len());
        for spread in spreads {
            waits_for_it.entry(spread).or_default().push(name);
        }
    }
    let mut weights = HashMap::default();
    while let Some(name) = free.pop() {
        let Some(fragment) = bodies.get(name) else {
            continue;
        };
        let mut weight = weigh(&fragment.selection_set, &weights);
        weight.apply(fragment.directives.len());
        // Here, not only at the operation: validation walks fragments nobody uses as well.
        too_deep("levels of selections", weight.nesting, nesting)?;
        weights.insert(name, weight);
        for waiter in waits_for_it.remove(name).unwrap_or_default() {
            if let Some(count) = waiting.get_mut(waiter) {
                *count -= 1;
                if *count == 0 {
                    free.push(waiter);
                }
            }
        }
    }
    match bodies.iter().find(|(name, _)| !weights.contains_key(*name)) {
        None => Ok(weights),
        Some((name, fragment)) => Err(at(
            Code::GraphqlValidationFailed,
            format!("The fragment {name} leads back to a fragment that spreads itself."),
            &[fragment.position],
        )),
    }
}

fn spreads_of<'d>(set: &'d SelectionSet, found: &mut HashSet<&'d str>) {
    for selection in &set.items {
        match selection {
            Selection::Field(field) => spreads_of(&field.selection_set, found),
            Selection::InlineFragment(inline) => spreads_of(&inline.selection_set, found),
            Selection::FragmentSpread(spread) => {
                found.insert(&spread.fragment_name);
            }
        }
    }
}
