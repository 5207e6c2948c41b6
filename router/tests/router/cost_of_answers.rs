//! The estimate is one from above: whatever is asked, the answer, weighed alike, weighs no more.

use super::{
    cost::{JOIN, cost_of, free_of_charge},
    graphs::ports,
};
use async_graphql::{EmptyMutation, EmptySubscription, Object, Union, Variables};
use djinn_kernel::Viewer;
use djinn_router::{GraphRequest, Limits, Router};
use djinn_subgraph_kit::{
    Local, Subgraph,
    graph::{cost, schema},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{fmt::Write, sync::Arc};

const TYPES: &str = r#"
enum join__Graph { ALL @join__graph(name: "all", url: "http://all.invalid/graphql") }
type Query @join__type(graph: ALL) { node: Node!  nodes(first: Int): [Node!]! @listSize(slicingArguments: ["first"], assumedSize: 3, requireOneSlicingArgument: false) }
type Node @join__type(graph: ALL) {
  name: String!
  nodes(first: Int): [Node!]! @listSize(slicingArguments: ["first"], assumedSize: 3, requireOneSlicingArgument: false)
  page(first: Int! = 2): Page! @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
  things(first: Int): [Thing!]! @listSize(slicingArguments: ["first"], assumedSize: 3, requireOneSlicingArgument: false)
  pair: [Node!]! @listSize(assumedSize: 2)
  note: Note!
}
type Page @join__type(graph: ALL) { nodes: [Node!]! note: Note! }
type Note @join__type(graph: ALL) @cost(weight: 0) { text: String! }
type Heavy @join__type(graph: ALL) @cost(weight: 4) { name: String! node: Node! }
union Thing @join__type(graph: ALL) @join__unionMember(graph: ALL, member: "Node") @join__unionMember(graph: ALL, member: "Heavy") @join__unionMember(graph: ALL, member: "Note") = Node | Heavy | Note
"#;

struct Node;
struct Page(usize);
struct Note;
struct Heavy;

#[derive(Union)]
enum Thing {
    Node(Node),
    Heavy(Heavy),
    Note(Note),
}

fn length(first: Option<i32>) -> usize {
    first.map_or(3, |first| usize::try_from(first).unwrap_or(0))
}

fn nodes(count: usize) -> Vec<Node> {
    std::iter::repeat_with(|| Node).take(count).collect()
}

#[Object]
impl Node {
    async fn name(&self) -> &'static str {
        "node"
    }
    #[graphql(directive = cost::Slice::apply("first"))]
    async fn nodes(&self, first: Option<i32>) -> Vec<Node> {
        nodes(length(first))
    }
    async fn page(&self, #[graphql(default = 2)] first: i32) -> Page {
        Page(length(Some(first)))
    }
    async fn things(&self, first: Option<i32>) -> Vec<Thing> {
        let things = (0..length(first)).map(|at| match at % 3 {
            0 => Thing::Heavy(Heavy),
            1 => Thing::Node(Node),
            _ => Thing::Note(Note),
        });
        things.collect()
    }
    async fn pair(&self) -> Vec<Node> {
        nodes(2)
    }
    async fn note(&self) -> Note {
        Note
    }
}

#[Object]
impl Page {
    async fn nodes(&self) -> Vec<Node> {
        nodes(self.0)
    }
    async fn note(&self) -> Note {
        Note
    }
}

#[Object]
impl Note {
    async fn text(&self) -> &'static str {
        "note"
    }
}

#[Object]
impl Heavy {
    async fn name(&self) -> &'static str {
        "heavy"
    }
    async fn node(&self) -> Node {
        Node
    }
}

struct Query;

#[Object]
impl Query {
    #[graphql(directive = djinn_subgraph_kit::graph::Anyone::apply())]
    async fn node(&self) -> Node {
        Node
    }
    #[graphql(directive = djinn_subgraph_kit::graph::Anyone::apply())]
    async fn nodes(&self, first: Option<i32>) -> Vec<Node> {
        nodes(length(first))
    }
}

fn router(limits: Limits) -> Router {
    let schema = schema(Query, EmptyMutation, EmptySubscription).finish();
    let all = Local::new("all", schema, |request, _| request);
    let all: Vec<Arc<dyn Subgraph>> = vec![Arc::new(all)];
    Router::new(
        &format!("{JOIN}{TYPES}").replace("mutation: Mutation\n", ""),
        all,
        limits,
        ports(),
    )
    .unwrap()
}

/// Writes an operation, each choice made by the next of some random bytes.
struct Writer<'b> {
    bytes: std::iter::Cycle<std::slice::Iter<'b, u8>>,
    keys: usize,
    fields: usize,
    fragments: String,
}

impl Writer<'_> {
    fn choose(&mut self, of: u8) -> u8 {
        self.bytes.next().map_or(0, |byte| byte % of)
    }

    fn key(&mut self) -> usize {
        self.keys += 1;
        self.keys
    }

    fn condition(&mut self) -> &'static str {
        [
            "",
            "",
            "@include(if: $yes)",
            "@skip(if: $yes)",
            "@include(if: $no)",
            "@skip(if: true)",
        ][usize::from(self.choose(6))]
    }

    fn first(&mut self) -> &'static str {
        [
            "",
            "(first: 0)",
            "(first: 1)",
            "(first: 3)",
            "(first: $n)",
            "(first: 2)",
        ][usize::from(self.choose(6))]
    }

    fn set(&mut self, of: &str, depth: usize) -> String {
        let mut set = "{ __typename".to_owned();
        for _ in 0..=self.choose(2) {
            if self.fields > 24 {
                break;
            }
            self.fields += 1;
            let part = match self.choose(6) {
                0 => self.part(of, depth),
                _ => self.field(of, depth),
            };
            write!(set, " {part}").unwrap();
        }
        set + " }"
    }

    /// An inline fragment, or a named one.
    fn part(&mut self, of: &str, depth: usize) -> String {
        let on = match of {
            "Thing" => ["Node", "Heavy", "Note"][usize::from(self.choose(3))],
            of => of,
        };
        let condition = self.condition();
        let inner = self.set(on, depth);
        if self.choose(2) == 0 {
            return format!("... on {on} {condition} {inner}");
        }
        let name = self.key();
        write!(self.fragments, " fragment F{name} on {on} {inner}").unwrap();
        format!("...F{name} {condition}")
    }

    fn field(&mut self, of: &str, depth: usize) -> String {
        let key = self.key();
        let choice = self.choose(6);
        if of == "Thing" && depth > 0 {
            return self.part(of, depth - 1);
        }
        let (name, takes, below) = match (of, choice) {
            ("Query", 1) => ("node", false, Some("Node")),
            ("Query", 2..) => ("nodes", true, Some("Node")),
            ("Node", 0) if depth > 0 => ("pair", false, Some("Node")),
            ("Node", 1) if depth > 0 => ("page", false, Some("Page")),
            ("Node" | "Page", 2) if depth > 0 => ("note", false, Some("Note")),
            ("Node", 3) if depth > 0 => ("things", true, Some("Thing")),
            ("Node", _) if depth > 0 => ("nodes", true, Some("Node")),
            ("Page", _) if depth > 0 => ("nodes", false, Some("Node")),
            ("Heavy", _) if depth > 0 => ("node", false, Some("Node")),
            _ => ("__typename", false, None),
        };
        let arguments = if takes { self.first() } else { "" };
        let condition = self.condition();
        let inner = below.map_or_else(String::new, |below| {
            self.set(below, depth.saturating_sub(1))
        });
        format!("k{key}: {name}{arguments} {condition} {inner}")
    }
}

fn weigh(answer: &Value) -> i64 {
    match answer {
        Value::Array(items) => items.iter().map(weigh).sum(),
        Value::Object(fields) => {
            let own = match fields.get("__typename").and_then(Value::as_str) {
                Some("Node" | "Page") => 1,
                Some("Heavy") => 4,
                _ => 0,
            };
            own + fields.values().map(weigh).sum::<i64>()
        }
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_weighs_more_than_was_estimated(bytes in prop::collection::vec(any::<u8>(), 8..120), n in 0..4_i32) {
        let mut writer = Writer { bytes: bytes.iter().cycle(), keys: 0, fields: 0, fragments: String::new() };
        let set = writer.set("Query", 5);
        let query = format!("query($n: Int, $yes: Boolean!, $no: Boolean!) {set}{} fragment Used on Query {{ a: nodes(first: $n) @skip(if: true) {{ name }} b: node @include(if: $yes) @skip(if: $yes) {{ name }} c: node @skip(if: $no) @include(if: $no) {{ name }} }}", writer.fragments)
            .replacen("{ __typename", "{ __typename ...Used", 1);
        let variables = json!({"n": n, "yes": true, "no": false});
        let plenty = Limits { aliases: 10_000, root_fields: 1_000, depth: 100, directives: 10_000, ..Limits::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (estimate, answer) = runtime.block_on(async {
            let free = Limits { cost: 0, ..plenty.clone() };
            let estimate = cost_of(&router(free), &query, None, variables.clone()).await;
            let run = Limits { cost: u64::MAX, objects: u64::MAX, ..plenty };
            let mut request = GraphRequest::new(query.clone(), Viewer::Anonymous, djinn_subgraph_kit::RequestId("r".into()));
            request.variables = Variables::from_json(variables);
            let response = router(run).execute(request).await;
            (estimate, (super::graphs::json(&response), i64::try_from(response.cost()).unwrap()))
        });
        let (answer, told) = answer;
        prop_assert!(answer.get("errors").is_none(), "{query}: {answer}");
        let actual = weigh(&answer["data"]);
        prop_assert_eq!(told, actual, "what is told of {}", query);
        prop_assert!(estimate >= actual, "{estimate} < {actual}: {query}");
    }
}

#[test]
fn the_random_operations_are_worth_asking() {
    let bytes: Vec<u8> = (0..=255).collect();
    let mut writer = Writer {
        bytes: bytes.iter().cycle(),
        keys: 0,
        fields: 0,
        fragments: String::new(),
    };
    let set = writer.set("Query", 5);
    assert!(set.contains("nodes") && writer.fields > 3, "{set}");
    assert_eq!(free_of_charge().cost, 0);
}
