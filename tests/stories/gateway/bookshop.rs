//! Somebody else's graph: two subgraphs that know nothing of a hub, served over HTTP by the test.

use async_graphql::{
    ComplexObject, Context, EmptyMutation, EmptySubscription, ID, Object, Schema, SimpleObject,
    Subscription,
};
use async_graphql_axum::{
    GraphQLProtocol, GraphQLRequest, GraphQLResponse, GraphQLWebSocket, rejection::GraphQLRejection,
};
use axum::{
    Router,
    extract::{State, WebSocketUpgrade},
    http::HeaderMap,
    response::Response,
    routing::get,
};
use futures_util::Stream;
use serde_json::Value;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::watch;

/// What a subgraph has seen of its caller.
#[derive(Default)]
pub struct Seen {
    /// The headers of each request, of each socket's opening as well.
    pub headers: Mutex<Vec<HeaderMap>>,
    /// The payload of each `connection_init`.
    pub inits: Mutex<Vec<Value>>,
    /// How many subscriptions are open.
    pub open: watch::Sender<usize>,
}

impl Seen {
    /// A header of the last request.
    pub fn last(&self, name: &str) -> Option<String> {
        let headers = self.headers.lock().unwrap();
        Some(headers.last()?.get(name)?.to_str().unwrap().to_owned())
    }

    /// Waits until so many subscriptions are open.
    pub async fn open_is(&self, wanted: usize) {
        let mut open = self.open.subscribe();
        let is_so = open.wait_for(|open| *open == wanted);
        let waited = tokio::time::timeout(Duration::from_secs(20), is_so).await;
        assert!(
            waited.is_ok(),
            "{} are open, not {wanted}",
            *self.open.borrow()
        );
    }
}

/// Which of the two.
#[derive(Clone)]
struct Served<Q, S> {
    schema: Schema<Q, EmptyMutation, S>,
    seen: Arc<Seen>,
}

async fn answer<Q, S>(
    State(served): State<Served<Q, S>>,
    headers: HeaderMap,
    request: Result<GraphQLRequest, GraphQLRejection>,
) -> Result<GraphQLResponse, GraphQLRejection>
where
    Q: async_graphql::ObjectType + 'static,
    S: async_graphql::SubscriptionType + 'static,
{
    served.seen.headers.lock().unwrap().push(headers.clone());
    let request = request?.into_inner().data(headers);
    Ok(served.schema.execute(request).await.into())
}

async fn upgrade<Q, S>(
    State(served): State<Served<Q, S>>,
    headers: HeaderMap,
    protocol: GraphQLProtocol,
    upgrade: WebSocketUpgrade,
) -> Response
where
    Q: async_graphql::ObjectType + 'static,
    S: async_graphql::SubscriptionType + 'static,
{
    let Served { schema, seen } = served;
    seen.headers.lock().unwrap().push(headers);
    upgrade
        .protocols(["graphql-transport-ws"])
        .on_upgrade(move |socket| {
            GraphQLWebSocket::new(socket, schema, protocol)
                .on_connection_init(move |payload| async move {
                    seen.inits.lock().unwrap().push(payload);
                    Ok(async_graphql::Data::default())
                })
                .serve()
        })
}

fn at<Q, S>(path: &str, schema: Schema<Q, EmptyMutation, S>, seen: &Arc<Seen>) -> Router
where
    Q: async_graphql::ObjectType + Clone + 'static,
    S: async_graphql::SubscriptionType + Clone + 'static,
{
    let served = Served {
        schema,
        seen: Arc::clone(seen),
    };
    Router::new()
        .route(path, get(upgrade::<Q, S>).post(answer::<Q, S>))
        .with_state(served)
}

// ---------------------------------------------------------------- books

#[derive(SimpleObject)]
struct Book {
    id: ID,
    title: String,
}

#[derive(Clone)]
struct Books {
    edition: &'static str,
}

impl Books {
    fn book(&self, id: ID) -> Option<Book> {
        let title = match id.as_str() {
            "1" => "Ulysses",
            "2" => "Emma",
            _ => return None,
        };
        let title = format!("{title}{}", self.edition);
        Some(Book { id, title })
    }
}

#[Object(name = "Query")]
impl Books {
    async fn books(&self) -> Vec<Book> {
        ["1", "2"]
            .into_iter()
            .filter_map(|id| self.book(id.into()))
            .collect()
    }
    #[graphql(entity)]
    async fn find_book(&self, id: ID) -> Option<Book> {
        self.book(id)
    }
}

/// Knows titles. `edition` is written behind each, to tell two of them apart.
pub fn books(path: &str, edition: &'static str, seen: &Arc<Seen>) -> Router {
    let schema = Schema::build(Books { edition }, EmptyMutation, EmptySubscription);
    at(path, schema.enable_federation().finish(), seen)
}

// ---------------------------------------------------------------- reviews

mod reviews {
    use super::*;

    #[derive(SimpleObject)]
    #[graphql(complex)]
    pub struct Book {
        pub id: ID,
    }

    #[ComplexObject]
    impl Book {
        async fn stars(&self) -> Option<i32> {
            (self.id.as_str() == "1").then_some(5)
        }
    }

    #[derive(Clone)]
    pub struct Query;

    #[Object(name = "Query")]
    impl Query {
        /// The credential that came.
        async fn asker(&self, ctx: &Context<'_>) -> Option<String> {
            let headers = ctx.data_opt::<HeaderMap>()?;
            Some(headers.get("authorization")?.to_str().ok()?.to_owned())
        }
        #[graphql(entity)]
        async fn find_book(&self, id: ID) -> Book {
            Book { id }
        }
    }

    #[derive(Clone)]
    pub struct Reviewed(pub Arc<Seen>);

    #[Subscription(name = "Subscription")]
    impl Reviewed {
        /// A review every now and then, for ever.
        async fn reviewed(&self) -> impl Stream<Item = Book> {
            let seen = Arc::clone(&self.0);
            async_stream::stream! {
                let _open = Open::new(&seen);
                for id in ["1", "2"].into_iter().cycle() {
                    yield Book { id: id.into() };
                    tokio::time::sleep(Duration::from_millis(40)).await;
                }
            }
        }
    }

    struct Open(Arc<Seen>);

    impl Open {
        fn new(seen: &Arc<Seen>) -> Self {
            seen.open.send_modify(|open| *open += 1);
            Self(Arc::clone(seen))
        }
    }

    impl Drop for Open {
        fn drop(&mut self) {
            self.0.open.send_modify(|open| *open -= 1);
        }
    }
}

/// Knows stars, and says when there are new ones.
pub fn reviews(path: &str, seen: &Arc<Seen>) -> Router {
    let events = reviews::Reviewed(Arc::clone(seen));
    let schema = Schema::build(reviews::Query, EmptyMutation, events);
    at(path, schema.enable_federation().finish(), seen)
}

// ---------------------------------------------------------------- together

/// As a composer writes it. `stars` may go by another name: that is how a new supergraph differs.
pub fn supergraph(books: &str, reviews: &str) -> String {
    format!(
        r#"schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) {{
  query: Query
  subscription: Subscription
}}

directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose {{ SECURITY EXECUTION }}

enum join__Graph {{
  BOOKS @join__graph(name: "books", url: "{books}")
  REVIEWS @join__graph(name: "reviews", url: "{reviews}")
}}

type Book @join__type(graph: BOOKS, key: "id") @join__type(graph: REVIEWS, key: "id") {{
  id: ID!
  title: String! @join__field(graph: BOOKS)
  stars: Int @join__field(graph: REVIEWS)
}}

type Query @join__type(graph: BOOKS) @join__type(graph: REVIEWS) {{
  books: [Book!]! @join__field(graph: BOOKS)
  asker: String @join__field(graph: REVIEWS)
}}

type Subscription @join__type(graph: REVIEWS) {{
  reviewed: Book! @join__field(graph: REVIEWS)
}}
"#
    )
}
