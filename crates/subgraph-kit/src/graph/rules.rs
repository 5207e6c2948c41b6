//! The extension that enforces what [`rule`](super::rule) declares.

use super::{error::coded, rule::Table, sdl};
use async_graphql::{
    PathSegment, Pos, QueryPathNode, QueryPathSegment, ServerError, ServerResult, Value, Variables,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextResolve, ResolveInfo,
    },
    parser::types::{ExecutableDocument, OperationType, Selection},
};
use djinn_kernel::{Viewer, viewer::Denied};
use std::sync::{Arc, OnceLock};

/// Checks each field's rule before its resolver runs.
#[derive(Debug, Clone, Default)]
pub struct Rules(Arc<OnceLock<Table>>);

impl ExtensionFactory for Rules {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(self.clone())
    }
}

impl Rules {
    fn table(&self, ctx: &ExtensionContext<'_>) -> &Table {
        self.0.get_or_init(|| Table::read(&ctx.schema_env.registry))
    }
}

#[async_trait::async_trait]
impl Extension for Rules {
    /// A subscription is refused before its stream begins: the engine resolves the fields of its
    /// root when there is an event, which is too late.
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let document = next.run(ctx, query, variables).await?;
        let table = self.table(ctx);
        if let Some(root) = table.subscription() {
            let fields = document
                .operations
                .iter()
                .filter(|(_, operation)| operation.node.ty == OperationType::Subscription)
                .flat_map(|(_, operation)| &operation.node.selection_set.node.items);
            for selection in fields {
                // The engine leaves fragments in the root of a subscription out.
                let Selection::Field(field) = &selection.node else {
                    continue;
                };
                if let Err(denied) = table.check(root, &field.node.name.node, viewer(ctx)) {
                    let mut error = refusal(denied, field.pos);
                    let key = field.node.response_key().node.to_string();
                    error.path = vec![PathSegment::Field(key)];
                    return Err(error);
                }
            }
        }
        Ok(document)
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        if info.parent_type == "_Service" && info.name == "sdl" {
            // A gateway that composes by asking gets what `djinn schema` writes.
            return Ok(Some(Value::from(sdl::export(|options| {
                ctx.sdl_with_options(options)
            }))));
        }
        let checked = self
            .table(ctx)
            .check(info.parent_type, info.name, viewer(ctx));
        if let Err(denied) = checked {
            let mut error = refusal(denied, info.field.name.pos);
            error.path = path(info.path_node);
            return Err(error);
        }
        next.run(ctx, info).await
    }
}

fn viewer<'c>(ctx: &ExtensionContext<'c>) -> &'c Viewer {
    // `Local` puts one into every request; without one, nobody is asking.
    ctx.data_opt::<Viewer>().unwrap_or(&Viewer::Anonymous)
}

fn refusal(denied: Denied, at: Pos) -> ServerError {
    let mut error = coded(denied.code(), denied.to_string());
    error.locations = vec![at];
    error
}

fn path(node: &QueryPathNode<'_>) -> Vec<PathSegment> {
    let mut path: Vec<_> = std::iter::once(node)
        .chain(node.parents())
        .map(|node| match node.segment {
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
            QueryPathSegment::Index(index) => PathSegment::Index(index),
        })
        .collect();
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::super::{Anyone, Needs, Rule, SignedIn, TheHub, entity, schema};
    use crate::{Call, Forwarded, Local, RequestId, Subgraph};
    use async_graphql::{
        Context, EmptyMutation, ID, Object, Result, Subscription, futures_util::stream,
    };
    use djinn_kernel::{Role, Scope, Viewer, ids::PlayerId, viewer::Identity};
    use futures_util::{Stream, StreamExt};
    use serde_json::{Value, json};

    struct Thing;

    #[Object]
    impl Thing {
        async fn id(&self) -> ID {
            "1".into()
        }
        #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
        async fn inner(&self) -> Option<i32> {
            Some(1)
        }
    }

    struct Query;

    #[Object]
    impl Query {
        #[graphql(directive = Anyone::apply())]
        async fn open(&self) -> Thing {
            Thing
        }
        #[graphql(directive = SignedIn::apply())]
        async fn signed(&self) -> Option<i32> {
            Some(1)
        }
        #[graphql(directive = Needs::apply(Scope::ReadPlay))]
        async fn play(&self) -> Option<i32> {
            Some(1)
        }
        #[graphql(directive = TheHub::apply())]
        async fn hub(&self) -> Option<i32> {
            Some(1)
        }
        async fn forgotten(&self) -> Option<i32> {
            Some(1)
        }
        #[graphql(requires_scopes = "read:play write:play", requires_scopes = "admin")]
        async fn native(&self) -> Option<i32> {
            Some(1)
        }
        #[graphql(requires_scopes = "fly:plane")]
        async fn typo(&self) -> Option<i32> {
            Some(1)
        }
        #[graphql(entity)]
        async fn thing(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Thing>> {
            let found = async { Ok((id.0 == "1").then_some(Thing)) };
            entity(ctx, Rule::scope(Scope::ReadPlay), found).await
        }
    }

    struct Ticks;

    #[Subscription(name = "Subscription")]
    impl Ticks {
        #[graphql(directive = Needs::apply(Scope::ReadPlay))]
        async fn ticks(&self) -> impl Stream<Item = i32> + use<> {
            stream::iter([1])
        }
        async fn untold(&self) -> impl Stream<Item = i32> + use<> {
            stream::iter([1])
        }
        #[graphql(directive = Anyone::apply())]
        async fn bomb(&self) -> impl Stream<Item = i32> + use<> {
            stream::iter([1, 0]).map(|n| 1 / n)
        }
    }

    fn world() -> Local<Query, EmptyMutation, Ticks> {
        let schema = schema(Query, EmptyMutation, Ticks).finish();
        Local::new("toy", schema, |request, _| request)
    }

    fn with(scopes: &[Scope]) -> Viewer {
        let player = PlayerId(uuid::Uuid::nil());
        Viewer::Known(Identity {
            player,
            household: player,
            role: Role::Admin,
            scopes: scopes.to_vec(),
            family: None,
            login: None,
            key: None,
        })
    }

    fn call(viewer: &Viewer, query: &str) -> Call {
        Call {
            query: query.into(),
            operation_name: None,
            variables: async_graphql::Variables::default(),
            viewer: viewer.clone(),
            request_id: RequestId("test".into()),
            forwarded: Forwarded::default(),
            client: None,
        }
    }

    /// The code of the one error, or none.
    fn code(answer: &async_graphql::Response) -> Option<String> {
        let answer = serde_json::to_value(answer).expect("an answer is JSON");
        let errors = answer["errors"].as_array()?;
        assert_eq!(errors.len(), 1, "{answer}");
        Some(errors[0]["extensions"]["code"].as_str()?.to_owned())
    }

    async fn ask(viewer: &Viewer, query: &str) -> Option<String> {
        code(
            &world()
                .execute(call(viewer, query))
                .await
                .expect("it answers"),
        )
    }

    #[tokio::test]
    async fn each_rule_lets_in_whom_it_names() {
        let (nobody, reader) = (Viewer::Anonymous, with(&[Scope::ReadLibrary]));
        let player = with(&[Scope::ReadPlay]);
        let (no, sign_in) = (Some("FORBIDDEN"), Some("UNAUTHENTICATED"));
        for (query, viewer, expected) in [
            ("{ open { id } }", &nobody, None),
            ("{ signed }", &nobody, sign_in),
            ("{ signed }", &Viewer::Hub, sign_in),
            ("{ signed }", &reader, None),
            ("{ play }", &nobody, sign_in),
            ("{ play }", &reader, no),
            ("{ p: play }", &player, None),
            ("{ open { inner } }", &nobody, sign_in),
            ("{ open { inner } }", &player, no),
            ("{ open { inner } }", &reader, None),
            ("{ hub }", &nobody, no),
            ("{ hub }", &with(&Scope::ALL), no),
            ("{ hub }", &Viewer::Hub, None),
            ("{ __typename }", &nobody, None),
        ] {
            assert_eq!(ask(viewer, query).await.as_deref(), expected, "{query}");
        }
    }

    #[tokio::test]
    async fn a_root_field_without_a_rule_is_nobodys() {
        for viewer in [Viewer::Anonymous, Viewer::Hub, with(&Scope::ALL)] {
            assert_eq!(
                ask(&viewer, "{ forgotten }").await.as_deref(),
                Some("FORBIDDEN")
            );
            assert_eq!(ask(&viewer, "{ typo }").await.as_deref(), Some("FORBIDDEN"));
        }
    }

    #[tokio::test]
    async fn the_engines_own_notation_is_enforced_as_well() {
        for (scopes, expected) in [
            (&[Scope::ReadPlay][..], Some("FORBIDDEN")),
            (&[Scope::ReadPlay, Scope::WritePlay], None),
            (&[Scope::Admin], None),
        ] {
            assert_eq!(
                ask(&with(scopes), "{ native }").await.as_deref(),
                expected,
                "{scopes:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_refusal_stands_at_its_field() {
        let query = "{ a: open { b: inner } }";
        let answer = world()
            .execute(call(&Viewer::Anonymous, query))
            .await
            .expect("it answers");
        let answer = serde_json::to_value(&answer).expect("an answer is JSON");
        assert_eq!(answer["errors"][0]["path"], json!(["a", "b"]));
        assert_eq!(
            answer["errors"][0]["locations"],
            json!([{ "line": 1, "column": 16 }])
        );
    }

    #[tokio::test]
    async fn a_subscription_is_refused_before_it_begins() {
        for (query, viewer, expected) in [
            (
                "subscription { ticks }",
                Viewer::Anonymous,
                Some("UNAUTHENTICATED"),
            ),
            (
                "subscription { ticks }",
                with(&[Scope::ReadLibrary]),
                Some("FORBIDDEN"),
            ),
            ("subscription { t: ticks }", with(&[Scope::ReadPlay]), None),
            (
                "subscription { untold }",
                with(&Scope::ALL),
                Some("FORBIDDEN"),
            ),
        ] {
            let mut stream = world()
                .subscribe(call(&viewer, query))
                .await
                .expect("it answers");
            let first = stream.next().await.expect("there is an answer");
            assert_eq!(code(&first).as_deref(), expected, "{query}");
        }
    }

    #[tokio::test]
    async fn a_subscription_that_panics_ends_with_a_fault_and_no_word_of_why() {
        let query = "subscription { bomb }";
        let events = world().subscribe(call(&Viewer::Anonymous, query)).await;
        let events: Vec<_> = events.expect("it answers").collect().await;
        assert_eq!(events.len(), 2);
        assert_eq!(code(&events[0]), None);
        let fault = serde_json::to_value(&events[1]).expect("JSON");
        assert_eq!(
            fault["errors"][0]["message"],
            "Something went wrong on our side."
        );
        assert_eq!(
            fault["errors"][0]["extensions"],
            json!({ "code": "INTERNAL", "requestId": "test" })
        );
    }

    #[tokio::test]
    async fn an_entity_is_not_looked_for_by_whom_its_rule_leaves_out() {
        let query =
            "{ _entities(representations: [{ __typename: \"Thing\", id: \"1\" }]) { __typename } }";
        let missing = query.replace("\"1\"", "\"2\"");
        let reader = with(&[Scope::ReadLibrary]);
        for query in [query, &missing] {
            assert_eq!(ask(&reader, query).await.as_deref(), Some("FORBIDDEN"));
            assert_eq!(ask(&with(&[Scope::ReadPlay]), query).await, None);
        }
    }

    #[tokio::test]
    async fn the_sdl_says_what_is_enforced_however_it_is_asked_for() {
        let world = world();
        let sdl = world.sdl();
        for line in [
            "play: Int @requiresScopes(scopes: [[\"read:play\"]])",
            "signed: Int @authenticated",
            "open: Thing! @tag(name: \"anyone\")",
            "hub: Int @tag(name: \"hub\")",
            "ticks: Int! @requiresScopes(scopes: [[\"read:play\"]])",
            "\"@requiresScopes\", \"@authenticated\"]",
        ] {
            assert!(sdl.contains(line), "{line} is not in {sdl}");
        }
        let asked = world
            .execute(call(&Viewer::Hub, "{ _service { sdl } }"))
            .await;
        let asked: Value = serde_json::to_value(asked.expect("it answers")).expect("JSON");
        assert_eq!(asked["data"]["_service"]["sdl"], Value::from(sdl));
    }
}
