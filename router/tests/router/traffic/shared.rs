//! The same question of the same viewer is asked once.

use super::*;

#[tokio::test(start_paused = true)]
async fn the_same_question_of_the_same_viewer_is_asked_once() {
    let stage = Stage::new(|nth, _| slowly(nth));
    let router = router(&stage, Limits::default());
    let answers = join_all((0..5).map(|_| ask(&router, "{ count }"))).await;
    assert!(answers.iter().all(|one| data(one) == json!({"count": 1})));
    assert_eq!(stage.asked(), 1);
    // Nothing is kept for whoever asks later.
    assert_eq!(data(&ask(&router, "{ count }").await), json!({"count": 2}));
}

#[tokio::test(start_paused = true)]
async fn another_viewer_other_scopes_or_another_question_share_nothing() {
    let stage = Stage::new(|nth, _| slowly(nth));
    let router = router(&stage, Limits::default());
    let viewers = [
        Viewer::Anonymous,
        person(1, vec![Scope::ReadLibrary]),
        person(1, vec![]),
        person(2, vec![Scope::ReadLibrary]),
    ];
    let mut all: Vec<BoxFuture<'_, GraphResponse>> = viewers
        .into_iter()
        .map(|viewer| ask_as(&router, viewer, "{ count }").boxed())
        .collect();
    all.push(ask(&router, "{ count(of: \"a\") }").boxed());
    all.push(ask(&router, "{ count(of: \"b\") }").boxed());
    let answers = join_all(all).await;
    let mut seen: Vec<_> = answers
        .iter()
        .map(|one| data(one)["count"].clone())
        .collect();
    seen.sort_by_key(ToString::to_string);
    assert_eq!(json!(seen), json!([1, 2, 3, 4, 5, 6]));
}

#[tokio::test(start_paused = true)]
async fn a_question_asked_after_a_change_is_never_answered_by_one_from_before() {
    let stage = Stage::new(|nth, call| {
        if call.query.starts_with("mutation") {
            says(&value!({"change": 0}))
        } else {
            slowly(nth)
        }
    });
    let router = router(&stage, Limits::default());
    let before = async { ask(&router, "{ count }").await };
    let after = async {
        stage.is_asked(1).await;
        ask(&router, "mutation { change }").await;
        ask(&router, "{ count }").await
    };
    let (before, after) = tokio::join!(before, after);
    assert_eq!(data(&before), json!({"count": 1}));
    assert_eq!(data(&after), json!({"count": 3}));
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_leaves_does_not_take_the_answer_from_the_others() {
    let stage = Stage::new(|nth, _| slowly(nth));
    let router = router(&stage, Limits::default());
    let first = tokio::spawn({
        let router = router.clone();
        async move { ask(&router, "{ count }").await }
    });
    let second = async {
        sleep(Duration::from_millis(500)).await;
        let asked = Instant::now();
        let answer = ask(&router, "{ count }").await;
        (answer, asked.elapsed())
    };
    let leave = async {
        sleep(Duration::from_millis(700)).await;
        first.abort();
    };
    let ((answer, waited), ()) = tokio::join!(second, leave);
    assert_eq!(data(&answer), json!({"count": 1}));
    assert!(waited < Duration::from_millis(600), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_question_nobody_waits_for_any_more_is_dropped() {
    let left = Arc::new(Notify::new());
    let gone = Arc::clone(&left);
    let stage = Stage::new(move |_, _| {
        struct Dropped(Arc<Notify>);
        impl Drop for Dropped {
            fn drop(&mut self) {
                self.0.notify_one();
            }
        }
        let dropped = Dropped(Arc::clone(&gone));
        async move {
            let _dropped = dropped;
            std::future::pending().await
        }
        .boxed()
    });
    let router = router(&stage, Limits::default());
    let asking = tokio::spawn(async move { ask(&router, "{ count }").await });
    stage.is_asked(1).await;
    asking.abort();
    left.notified().await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_shared_only_with_those_who_waited_for_it() {
    let stage = Stage::new(|nth, _| match nth {
        1 => async {
            sleep(Duration::from_secs(1)).await;
            Err(Unreachable::Timeout)
        }
        .boxed(),
        _ => says(&value!({"count": 2})),
    });
    let router = router(&stage, Limits::default());
    let answers = join_all([ask(&router, "{ count }"), ask(&router, "{ count }")]).await;
    for answer in &answers {
        assert_eq!(errors(answer), [error(UNAVAILABLE, "count")]);
    }
    assert_eq!(data(&ask(&router, "{ count }").await), json!({"count": 2}));
}
