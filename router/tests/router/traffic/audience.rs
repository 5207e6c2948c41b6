//! Those who follow the same share one stream, and each of them hears everything once and in order.

use super::*;
use djinn_router::GraphEvent;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::watch;

const QUERY: &str =
    r#"subscription { follow(room: "r") { ... on Whole { rev } ... on Step { rev } } }"#;

/// A subgraph with one room. Whoever follows hears the whole first and then each step; or, who says
/// where they are, the steps behind that.
struct Room {
    rev: watch::Sender<i32>,
    opened: AtomicUsize,
    open: Arc<AtomicUsize>,
}

impl Room {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            rev: watch::Sender::new(0),
            opened: AtomicUsize::new(0),
            open: Arc::default(),
        })
    }

    fn steps(&self, count: i32) {
        self.rev.send_modify(|rev| *rev += count);
    }

    fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

fn event(kind: &str, rev: i32) -> Response {
    Response::new(value!({"follow": {
        "__typename": (kind), "rev": (rev), "_at_epoch": "e", "_at_rev": (rev),
    }}))
}

struct Leaves(Arc<AtomicUsize>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait::async_trait]
impl Subgraph for Room {
    fn name(&self) -> &'static str {
        "stage"
    }
    async fn execute(&self, _: Call) -> Result<Response, Unreachable> {
        Err(Unreachable::Timeout)
    }
    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        self.open.fetch_add(1, Ordering::SeqCst);
        let leaves = Leaves(Arc::clone(&self.open));
        let from = call.variables.get("_resume").map(|position| {
            let position = position.clone().into_json().unwrap();
            i32::try_from(position["rev"].as_i64().unwrap()).unwrap()
        });
        let mut rev = self.rev.subscribe();
        Ok(async_stream::stream! {
            let _leaves = leaves;
            let mut heard = match from {
                Some(from) => from,
                None => {
                    let now = *rev.borrow();
                    yield event("Whole", now);
                    now
                }
            };
            loop {
                let Ok(now) = rev.wait_for(|now| *now > heard).await.map(|now| *now) else { return };
                while heard < now {
                    heard += 1;
                    yield event("Step", heard);
                }
            }
        }
        .boxed())
    }
    async fn ready(&self) -> Result<(), Unreachable> {
        Ok(())
    }
}

fn over(room: &Arc<Room>) -> Router {
    let other = Stage::named("other", |_, _| says(&value!({"calm": 7})));
    let room = Arc::clone(room) as Arc<dyn Subgraph>;
    Router::new(SUPERGRAPH, vec![room, other], Limits::default(), ports()).unwrap()
}

type Events = BoxStream<'static, GraphEvent>;

async fn follow(router: &Router, viewer: Viewer, query: &str) -> Events {
    let request = GraphRequest::new(query, viewer, RequestId("req-1".into()));
    router.subscribe(request).await.unwrap()
}

fn rev(event: &GraphEvent) -> i64 {
    let event: serde_json::Value = serde_json::from_str(event.json()).unwrap();
    event["data"]["follow"]["rev"].as_i64().unwrap()
}

async fn next(events: &mut Events) -> i64 {
    rev(&events.next().await.unwrap())
}

/// Lets everybody go on who can.
async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}

fn me() -> Viewer {
    person(1, vec![Scope::ReadPlay])
}

#[tokio::test(start_paused = true)]
async fn who_follows_the_same_hears_it_from_one_stream() {
    let room = Room::new();
    let router = over(&room);
    let mut all = Vec::new();
    for _ in 0..20 {
        let mut events = follow(&router, me(), QUERY).await;
        assert_eq!(next(&mut events).await, 0);
        all.push(events);
    }
    for step in 1..=3 {
        room.steps(1);
        let heard = join_all(all.iter_mut().map(next)).await;
        assert!(heard.iter().all(|rev| *rev == step), "{heard:?}");
        // Whoever came first finds their seat with the event behind the first that they share.
        let waiting = all.iter_mut().map(|events| async {
            assert!(events.next().now_or_never().is_none());
        });
        join_all(waiting).await;
    }
    settle().await;
    assert_eq!(room.open(), 1, "one stream for twenty");
    let texts = {
        room.steps(1);
        join_all(
            all.iter_mut()
                .map(|events| async { events.next().await.unwrap() }),
        )
        .await
    };
    let first = texts[0].json().as_ptr();
    assert!(
        texts.iter().all(|event| event.json().as_ptr() == first),
        "written once"
    );
    drop(all);
    settle().await;
    assert_eq!(room.open(), 0, "nobody follows any more");
}

#[tokio::test(start_paused = true)]
async fn nobody_shares_with_somebody_of_other_rights_or_another_document() {
    let room = Room::new();
    let router = over(&room);
    let other_document = r#"subscription { follow(room: "r") { ... on Whole { rev } ... on Step { rev } __typename } }"#;
    let mut all = [
        follow(&router, me(), QUERY).await,
        follow(
            &router,
            person(1, vec![Scope::ReadPlay, Scope::WritePlay]),
            QUERY,
        )
        .await,
        follow(&router, person(2, vec![Scope::ReadPlay]), QUERY).await,
        follow(&router, Viewer::Anonymous, QUERY).await,
        follow(&router, me(), other_document).await,
    ];
    for _ in 0..3 {
        join_all(all.iter_mut().map(next)).await;
        room.steps(1);
        settle().await;
    }
    assert_eq!(room.open(), all.len());
}

#[tokio::test(start_paused = true)]
async fn the_stream_outlives_whoever_opened_it() {
    let room = Room::new();
    let router = over(&room);
    let mut first = follow(&router, me(), QUERY).await;
    let mut second = follow(&router, me(), QUERY).await;
    assert_eq!((next(&mut first).await, next(&mut second).await), (0, 0));
    // The second passes on from now on, with the first behind it.
    room.steps(1);
    assert_eq!((next(&mut first).await, next(&mut second).await), (1, 1));
    assert!(first.next().now_or_never().is_none());
    drop(second);
    room.steps(1);
    assert_eq!(next(&mut first).await, 2);
    let mut third = follow(&router, me(), QUERY).await;
    assert_eq!(next(&mut third).await, 2);
    room.steps(2);
    assert_eq!((next(&mut first).await, next(&mut third).await), (3, 3));
    assert_eq!((next(&mut first).await, next(&mut third).await), (4, 4));
}

#[tokio::test(start_paused = true)]
async fn who_cannot_keep_up_misses_nothing_and_holds_nobody_up() {
    let room = Room::new();
    let router = over(&room);
    let mut slow = follow(&router, me(), QUERY).await;
    let mut quick = follow(&router, me(), QUERY).await;
    assert_eq!((next(&mut slow).await, next(&mut quick).await), (0, 0));
    room.steps(1);
    assert_eq!((next(&mut slow).await, next(&mut quick).await), (1, 1));
    assert!(slow.next().now_or_never().is_none(), "it sits now");
    for step in 2..=100 {
        room.steps(1);
        assert_eq!(next(&mut quick).await, step);
    }
    for step in 2..=100 {
        assert_eq!(next(&mut slow).await, step);
    }
    room.steps(1);
    assert_eq!((next(&mut slow).await, next(&mut quick).await), (101, 101));
}

/// Splitmix, so that a seed says which order was tried.
fn random(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[tokio::test(start_paused = true)]
async fn however_they_come_read_and_go_each_hears_every_step_once_and_in_order() {
    for seed in 0..200_u64 {
        let mut dice = seed;
        let room = Room::new();
        let router = over(&room);
        let mut all: Vec<(Events, i64)> = Vec::new();
        for _ in 0..120 {
            match random(&mut dice) % 8 {
                0 if all.len() < 8 => {
                    let mut events = follow(&router, me(), QUERY).await;
                    let heard = next(&mut events).await;
                    all.push((events, heard));
                }
                1 if !all.is_empty() => {
                    let leaves = random(&mut dice) as usize % all.len();
                    drop(all.swap_remove(leaves));
                }
                2 | 3 => room.steps(1 + (random(&mut dice) % 24) as i32),
                4 => settle().await,
                _ if !all.is_empty() => {
                    let reads = random(&mut dice) as usize % all.len();
                    let (events, heard) = &mut all[reads];
                    if let Some(event) = events.next().now_or_never() {
                        let now = rev(&event.unwrap());
                        assert_eq!(now, *heard + 1, "seed {seed}");
                        *heard = now;
                    }
                }
                _ => {}
            }
        }
        let last = i64::from(*room.rev.borrow());
        for (events, heard) in &mut all {
            while *heard < last {
                let now = next(events).await;
                assert_eq!(now, *heard + 1, "seed {seed}");
                *heard = now;
            }
        }
        drop(all);
        settle().await;
        assert_eq!(room.open(), 0, "seed {seed}");
    }
}
