//! A subgraph that fails is left alone, and found out about.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_subgraph_that_goes_down_is_left_alone_within_two_seconds() {
    let stage = Stage::new(|_, _| broken());
    let router = router(&stage, Limits::default());
    let down = Instant::now();
    while down.elapsed() < Duration::from_secs(2) {
        ask(&router, "{ count }").await;
        advance(Duration::from_millis(100)).await;
    }
    let asked = stage.asked();
    let started = Instant::now();
    let answer = ask(&router, "{ count calm }").await;
    assert_eq!(data(&answer), json!({"count": null, "calm": 7}));
    assert_eq!(errors(&answer), [error(UNAVAILABLE, "count")]);
    assert_eq!(started.elapsed(), Duration::ZERO);
    // Three in a row over 0.3 s, and then a question a second, of its own.
    assert!(asked <= 12, "asked {asked} times");
    assert!(stage.texts().iter().any(|text| text == "{ __typename }"));
}

#[tokio::test(start_paused = true)]
async fn a_subgraph_that_is_back_is_asked_again_within_two_seconds() {
    let back = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let is_back = Arc::clone(&back);
    let stage = Stage::new(move |_, _| {
        if is_back.load(std::sync::atomic::Ordering::SeqCst) {
            says(&value!({"count": 1}))
        } else {
            silent()
        }
    });
    let router = router(&stage, Limits::default());
    // Enough silence to open it, and a question that finds it silent still.
    join_all((0..4).map(|n| {
        let viewer = person(n, vec![]);
        ask_as(&router, viewer, "{ count }")
    }))
    .await;
    advance(Duration::from_millis(1_100)).await;
    ask(&router, "{ count }").await;
    back.store(true, std::sync::atomic::Ordering::SeqCst);
    let healed = Instant::now();
    while !errors(&ask(&router, "{ count }").await).is_empty() {
        advance(Duration::from_millis(50)).await;
        assert!(healed.elapsed() < Duration::from_secs(2), "it is not asked");
    }
}

#[tokio::test(start_paused = true)]
async fn clients_that_leave_and_errors_in_the_answer_open_nothing() {
    let stage = Stage::new(|nth, call| {
        if nth <= 10 || call.query.contains("of") {
            silent()
        } else {
            let error = ServerError::new("no", None);
            async move { Ok(Response::from_errors(vec![error])) }.boxed()
        }
    });
    let router = router(&stage, Limits::default());
    for n in 0..10 {
        let viewer = person(n, vec![]);
        let asking = ask_as(&router, viewer, "{ count }");
        assert!(
            tokio::time::timeout(Duration::from_secs(1), asking)
                .await
                .is_err()
        );
    }
    for _ in 0..10 {
        let answer = ask(&router, "{ count }").await;
        assert_eq!(
            errors(&answer)[0].0,
            "INTERNAL",
            "it was asked and answered"
        );
        advance(Duration::from_millis(200)).await;
    }
    assert_eq!(stage.asked(), 20);
}

#[tokio::test(start_paused = true)]
async fn silence_is_blamed_even_where_requests_have_less_time_than_a_subgraph() {
    let stage = Stage::new(|_, _| silent());
    let limits = Limits {
        request_seconds: 2,
        subgraph_seconds: 60,
        ..Limits::default()
    };
    let router = router(&stage, limits);
    for _ in 0..3 {
        ask(&router, "{ count }").await;
    }
    let started = Instant::now();
    assert_eq!(errors(&ask(&router, "{ count }").await)[0].0, UNAVAILABLE);
    assert_eq!(started.elapsed(), Duration::ZERO, "it is open");
}

#[tokio::test(start_paused = true)]
async fn no_more_than_so_many_questions_pile_up() {
    let stage = Stage::new(|_, _| silent());
    let limits = Limits {
        subgraph_in_flight: 2,
        ..Limits::default()
    };
    let router = router(&stage, limits);
    let waiting: Vec<_> = (0..2)
        .map(|n| {
            let router = router.clone();
            tokio::spawn(async move { ask_as(&router, person(n, vec![]), "{ count }").await })
        })
        .collect();
    stage.is_asked(2).await;
    let started = Instant::now();
    let answer = ask_as(&router, person(9, vec![]), "{ count calm }").await;
    assert_eq!(errors(&answer), [error(UNAVAILABLE, "count")]);
    assert_eq!(data(&answer), json!({"count": null, "calm": 7}));
    assert_eq!((started.elapsed(), stage.asked()), (Duration::ZERO, 2));
    for one in waiting {
        one.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_to_one_is_not_asked_again_and_is_in_nobodys_way() {
    let stage = Stage::new(|_, call| {
        if call.query.contains("of") {
            async { Err(Unreachable::Refused("413".to_owned())) }.boxed()
        } else {
            says(&value!({"count": 1}))
        }
    });
    let router = router(&stage, Limits::default());
    for n in 1..=10 {
        let asked = stage.asked();
        let answer = ask(&router, &format!("{{ count(of: \"{n}\") }}")).await;
        assert_eq!(errors(&answer), [error(UNAVAILABLE, "count")]);
        assert_eq!(stage.asked(), asked + 1, "it is not asked again");
        advance(Duration::from_millis(200)).await;
    }
    assert_eq!(data(&ask(&router, "{ count }").await), json!({"count": 1}));
}
