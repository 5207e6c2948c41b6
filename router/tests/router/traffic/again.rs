//! What is asked a second time, and how long it may take.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_question_whose_connection_breaks_is_asked_once_more() {
    let stage = Stage::new(|nth, _| match nth {
        1 => broken(),
        3 => async { Err(Unreachable::Garbage("<html>".to_owned())) }.boxed(),
        _ => says(&value!({"count": 1})),
    });
    let router = router(&stage, Limits::default());
    for expected in [2, 4] {
        assert_eq!(data(&ask(&router, "{ count }").await), json!({"count": 1}));
        assert_eq!(stage.asked(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn once_more_means_once() {
    let stage = Stage::new(|_, _| broken());
    let router = router(&stage, Limits::default());
    let answer = ask(&router, "{ count calm }").await;
    assert_eq!(data(&answer), json!({"count": null, "calm": 7}));
    assert_eq!(errors(&answer), [error(UNAVAILABLE, "count")]);
    assert_eq!(stage.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_change_is_never_asked_for_twice() {
    let stage = Stage::new(|_, _| broken());
    let router = router(&stage, Limits::default());
    let answer = ask(&router, "mutation { change }").await;
    assert_eq!(errors(&answer), [error(UNAVAILABLE, "change")]);
    assert_eq!(stage.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn silence_is_not_asked_again_and_takes_no_longer_than_its_time() {
    let stage = Stage::new(|_, _| silent());
    let router = router(&stage, Limits::default());
    let asked = Instant::now();
    let answer = ask(&router, "{ count calm }").await;
    assert_eq!(data(&answer), json!({"count": null, "calm": 7}));
    assert!(asked.elapsed() <= Duration::from_millis(5_200));
    assert_eq!(stage.asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_subgraph_may_have_a_time_of_its_own_and_a_change_has_the_requests() {
    let stage = Stage::new(|_, call| {
        if call.query.starts_with("mutation") {
            async {
                sleep(Duration::from_secs(20)).await;
                Ok(Response::new(value!({"change": 1})))
            }
            .boxed()
        } else {
            silent()
        }
    });
    let limits = Limits {
        subgraph_seconds_of: [("stage".to_owned(), 2)].into(),
        ..Limits::default()
    };
    let router = router(&stage, limits);
    let asked = Instant::now();
    ask(&router, "{ count }").await;
    assert!(asked.elapsed() <= Duration::from_millis(2_100));
    assert_eq!(
        data(&ask(&router, "mutation { change }").await),
        json!({"change": 1})
    );
}
