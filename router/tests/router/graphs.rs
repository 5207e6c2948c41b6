//! Two subgraphs that share `Game`: the catalogue knows what it is, the shelf who plays it.

use async_graphql::{
    Context, Enum, ID, InputObject, Interface, Object, Result, SimpleObject, Subscription, Union,
    Value,
};
use djinn_kernel::{Clock, Code, Ids, Viewer};
use djinn_router::{GraphRequest, GraphResponse, Limits, Router, RouterPorts};
use djinn_subgraph_kit::{
    Local, RequestId, Subgraph,
    graph::{Anyone, Rule, entity, refuse, schema},
};
use futures_util::{Stream, stream};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

pub const SUPERGRAPH: &str = include_str!("../fixtures/supergraph.graphql");

/// How many entities the shelf was asked for, and how often.
#[derive(Default)]
pub struct Asked {
    pub entities: AtomicUsize,
}

// ---------------------------------------------------------------- catalogue

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum GameKind {
    Game,
    Dlc,
    #[graphql(inaccessible)]
    Unreleased,
}

#[derive(Clone, SimpleObject)]
#[graphql(complex)]
pub struct Game {
    id: ID,
    title: String,
    kind: GameKind,
    #[graphql(inaccessible)]
    secret: String,
    rating: Option<i32>,
}

#[async_graphql::ComplexObject]
impl Game {
    async fn related(&self) -> Vec<Game> {
        ["2", "3", "2"].into_iter().filter_map(game).collect()
    }
}

#[derive(Clone, SimpleObject)]
pub struct Bundle {
    id: ID,
    title: String,
    games: Vec<Game>,
}

#[derive(Interface)]
#[graphql(field(name = "id", ty = "&ID"), field(name = "title", ty = "&String"))]
pub enum Item {
    Game(Game),
    Bundle(Bundle),
}

#[derive(Union)]
pub enum Found {
    Game(Game),
    Bundle(Bundle),
}

#[derive(InputObject)]
pub struct Filter {
    kind: Option<GameKind>,
    at_least: i32,
    #[graphql(default)]
    words: Vec<String>,
}

fn game(id: &str) -> Option<Game> {
    let title = match id {
        "1" => "Half-Life",
        "2" => "Portal",
        "3" => "Doom",
        "4" => "Unreleased",
        "9" => "Not on the shelf",
        _ => return None,
    };
    Some(Game {
        id: id.into(),
        title: title.to_owned(),
        kind: if id == "4" {
            GameKind::Unreleased
        } else {
            GameKind::Game
        },
        secret: "hidden".to_owned(),
        rating: (id != "3").then_some(90),
    })
}

fn bundle() -> Bundle {
    Bundle {
        id: "b".into(),
        title: "The box".to_owned(),
        games: ["1", "2"].into_iter().filter_map(game).collect(),
    }
}

pub struct CatalogQuery;

#[Object(name = "Query")]
impl CatalogQuery {
    #[graphql(directive = Anyone::apply())]
    async fn game(&self, id: ID) -> Option<Game> {
        game(&id)
    }
    #[graphql(directive = Anyone::apply())]
    async fn games(&self, ids: Vec<ID>) -> Vec<Game> {
        ids.iter().filter_map(|id| game(id)).collect()
    }
    #[graphql(directive = Anyone::apply())]
    async fn items(&self) -> Vec<Item> {
        vec![Item::Bundle(bundle()), Item::Game(game("1").unwrap())]
    }
    #[graphql(directive = Anyone::apply())]
    async fn found(&self) -> Vec<Found> {
        vec![Found::Game(game("2").unwrap()), Found::Bundle(bundle())]
    }
    #[graphql(directive = Anyone::apply())]
    async fn count(&self, filter: Filter) -> i32 {
        filter.at_least + filter.words.len() as i32 + i32::from(filter.kind.is_some())
    }
    #[graphql(directive = Anyone::apply())]
    async fn echo(&self, #[graphql(default = 7)] number: i32, text: Option<String>) -> String {
        format!("{number}:{}", text.as_deref().unwrap_or("-"))
    }
    #[graphql(directive = Anyone::apply())]
    async fn refused(&self) -> Result<String> {
        Err(refuse(Code::NotFound, "no such thing"))
    }
    #[graphql(directive = Anyone::apply())]
    async fn faulty(&self) -> Result<String> {
        Err(std::io::Error::other("SELECT * FROM secrets").into())
    }
    #[graphql(directive = Anyone::apply())]
    async fn slow(&self) -> &'static str {
        tokio::time::sleep(Duration::from_secs(30)).await;
        "late"
    }
    #[graphql(directive = Anyone::apply())]
    async fn panics(&self) -> i32 {
        [1, 2, 3][std::hint::black_box(7)]
    }
    #[graphql(directive = Anyone::apply())]
    async fn whoami(&self, ctx: &Context<'_>) -> String {
        let id = ctx
            .data_opt::<RequestId>()
            .map(ToString::to_string)
            .unwrap_or_default();
        format!("{:?} {id}", ctx.data_opt::<Viewer>())
    }
    #[graphql(entity)]
    async fn find_game(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Game>> {
        entity(ctx, Rule::Anyone, async { Ok(game(&id)) }).await
    }
}

#[derive(Default)]
pub struct CatalogMutation(AtomicUsize);

#[Object(name = "Mutation")]
impl CatalogMutation {
    /// Answers which call of this mutation it was.
    #[graphql(directive = Anyone::apply())]
    async fn bump(&self, by: i32) -> i32 {
        tokio::time::sleep(Duration::from_millis(u64::try_from(30 - by).unwrap_or(0))).await;
        self.0.fetch_add(1, Ordering::SeqCst) as i32 + 1
    }
}

// ---------------------------------------------------------------- shelf

mod shelf {
    use super::*;

    pub struct Game {
        pub id: ID,
        pub rating: Option<i32>,
    }

    #[Object]
    impl Game {
        async fn id(&self) -> &ID {
            &self.id
        }
        #[graphql(external)]
        async fn rating(&self) -> Option<i32> {
            self.rating
        }
        /// Minutes.
        async fn playtime(&self) -> i32 {
            self.id.parse::<i32>().unwrap_or(0) * 10
        }
        async fn note(&self) -> Result<Option<String>> {
            if self.id.as_str() == "2" {
                Err(refuse(Code::Forbidden, "not your note"))
            } else {
                Ok(None)
            }
        }
        async fn must(&self) -> Result<String> {
            if self.id.as_str() == "2" {
                Err(refuse(Code::Forbidden, "not yours"))
            } else {
                Ok("fine".to_owned())
            }
        }
        #[graphql(requires = "rating")]
        async fn stars(&self) -> Option<i32> {
            self.rating.map(|rating| rating / 20)
        }
        async fn owner(&self) -> Player {
            Player { id: "p1".into() }
        }
    }

    pub struct Player {
        pub id: ID,
    }

    #[Object]
    impl Player {
        async fn id(&self) -> &ID {
            &self.id
        }
        async fn name(&self) -> &'static str {
            "Ada"
        }
        async fn games(&self) -> Vec<Game> {
            ["1", "2", "404", "1"]
                .into_iter()
                .map(|id| Game {
                    id: id.into(),
                    rating: None,
                })
                .collect()
        }
        async fn best(&self) -> Game {
            Game {
                id: "404".into(),
                rating: None,
            }
        }
    }

    pub struct Query(pub Arc<Asked>);

    #[Object(name = "Query")]
    impl Query {
        #[graphql(directive = Anyone::apply())]
        async fn me(&self) -> Player {
            Player { id: "p1".into() }
        }
        #[graphql(entity)]
        async fn find_game(
            &self,
            ctx: &Context<'_>,
            #[graphql(key)] id: ID,
            rating: Option<i32>,
        ) -> Result<Option<Game>> {
            self.0.entities.fetch_add(1, Ordering::SeqCst);
            let found = async { Ok((id.as_str() != "9").then_some(Game { id, rating })) };
            entity(ctx, Rule::Anyone, found).await
        }
        #[graphql(entity)]
        async fn find_player(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Player>> {
            entity(ctx, Rule::Anyone, async { Ok(Some(Player { id })) }).await
        }
    }

    pub struct Events;

    #[Subscription(name = "Subscription")]
    impl Events {
        /// Games as they are played.
        #[graphql(directive = Anyone::apply())]
        async fn played(&self, ids: Vec<ID>) -> impl Stream<Item = Game> {
            stream::iter(ids.into_iter().map(|id| Game { id, rating: None }))
        }
        /// Never says anything.
        #[graphql(directive = Anyone::apply())]
        async fn silence(&self) -> impl Stream<Item = i32> {
            stream::pending()
        }
        #[graphql(directive = Anyone::apply())]
        async fn forbidden(&self) -> Result<impl Stream<Item = i32>> {
            Err::<stream::Empty<i32>, _>(refuse(Code::Forbidden, "not for you"))
        }
    }
}

// ---------------------------------------------------------------- together

pub fn catalog() -> Local<CatalogQuery, CatalogMutation, async_graphql::EmptySubscription> {
    let schema = schema(
        CatalogQuery,
        CatalogMutation::default(),
        async_graphql::EmptySubscription,
    )
    .register_output_type::<Item>();
    Local::new("catalog", schema.finish(), |request, _| request)
}

pub fn shelf(
    asked: &Arc<Asked>,
) -> Local<shelf::Query, async_graphql::EmptyMutation, shelf::Events> {
    let schema = schema(
        shelf::Query(Arc::clone(asked)),
        async_graphql::EmptyMutation,
        shelf::Events,
    );
    Local::new("shelf", schema.finish(), |request, _| request)
}

pub struct FrozenClock;
impl Clock for FrozenClock {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }
}

#[derive(Default)]
pub struct CountedIds(AtomicUsize);
impl Ids for CountedIds {
    fn new_id(&self) -> uuid::Uuid {
        uuid::Uuid::from_u128(self.0.fetch_add(1, Ordering::SeqCst) as u128 + 1)
    }
}

pub fn ports() -> RouterPorts {
    RouterPorts {
        clock: Arc::new(FrozenClock),
        ids: Arc::new(CountedIds::default()),
    }
}

pub fn router_of(subgraphs: Vec<Arc<dyn Subgraph>>, limits: Limits) -> Router {
    Router::new(SUPERGRAPH, subgraphs, limits, ports()).unwrap()
}

pub fn router_and_asked() -> (Router, Arc<Asked>) {
    let asked = Arc::new(Asked::default());
    (
        router_of(
            vec![Arc::new(catalog()), Arc::new(shelf(&asked))],
            Limits::default(),
        ),
        asked,
    )
}

pub fn router() -> Router {
    router_and_asked().0
}

pub fn request(query: &str) -> GraphRequest {
    GraphRequest::new(query, Viewer::Anonymous, RequestId("req-1".into()))
}

pub async fn ask(router: &Router, query: &str) -> GraphResponse {
    router.execute(request(query)).await
}

/// The answer as a client reads it.
pub fn json(response: &GraphResponse) -> serde_json::Value {
    serde_json::to_value(response).unwrap()
}

/// The data as text, so that the order of keys counts.
pub fn text(response: &GraphResponse) -> String {
    serde_json::to_string(response.data().unwrap_or(&Value::Null)).unwrap()
}

/// Code and path of each error.
pub fn errors(response: &GraphResponse) -> Vec<(String, String)> {
    let mut all: Vec<_> = json(response)["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| {
            let path = error["path"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|segment| match segment.as_str() {
                    Some(key) => key.to_owned(),
                    None => segment.to_string(),
                });
            (
                error["extensions"]["code"]
                    .as_str()
                    .unwrap_or("none")
                    .to_owned(),
                path.collect::<Vec<_>>().join("."),
            )
        })
        .collect();
    all.sort();
    all
}

pub fn error(code: &str, path: &str) -> (String, String) {
    (code.to_owned(), path.to_owned())
}
