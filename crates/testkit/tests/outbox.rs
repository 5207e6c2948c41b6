//! The outbox on both databases: nothing is lost, nothing is in the way, nothing piles up.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use chrono::TimeDelta;
use djinn_kernel::{
    Clock, Event, Fault,
    event::{LibraryForgotten, Payload},
    ids::{EventId, LibraryId},
};
use djinn_subgraph_kit::{Consumer, inbox, outbox};
use djinn_testkit::{
    ports::{TestPorts, frozen_with},
    viewers::player_id,
};
use sea_orm::{EntityTrait, QueryOrder};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const KINDS: &[&str] = &[LibraryForgotten::KIND];

/// Panics at the events of library 1 until it is well; counts the others.
#[derive(Default)]
struct Picky {
    well: AtomicBool,
    handled: AtomicUsize,
}

#[async_trait::async_trait]
impl Consumer for Picky {
    fn name(&self) -> &'static str {
        "picky"
    }
    fn kinds(&self) -> &'static [&'static str] {
        KINDS
    }
    async fn handle(&self, event: &Event) -> Result<(), Fault> {
        let poison = event.read::<LibraryForgotten>().unwrap().library.0 == Uuid::from_u128(1);
        assert!(
            self.well.load(Ordering::Relaxed) || !poison,
            "panicking on purpose"
        );
        self.handled.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

async fn append(test: &TestPorts, library: u128) -> EventId {
    let ports = &test.ports;
    let forgotten = LibraryForgotten {
        household: player_id(1),
        library: LibraryId(Uuid::from_u128(library)),
        kept: false,
    };
    let txn = ports.db.begin().await.unwrap();
    let id = outbox::append(&txn, "library", &*ports.clock, &*ports.ids, &forgotten)
        .await
        .unwrap();
    txn.commit().await.unwrap();
    id
}

async fn round(test: &TestPorts) -> usize {
    let ports = &test.ports;
    outbox::round(&ports.db, &*ports.bus, &*ports.clock, "library")
        .await
        .unwrap()
}

#[tokio::test]
async fn an_event_that_makes_its_handler_panic_waits_and_is_not_in_the_way_of_the_others() {
    let test = frozen_with(&[("picky", KINDS)]).await;
    let stop = CancellationToken::new();
    let picky = listening(&test, &stop).await;

    append(&test, 1).await;
    append(&test, 2).await;
    append(&test, 3).await;
    assert_eq!(round(&test).await, 2, "the poison is left");
    assert_eq!(picky.handled.load(Ordering::Relaxed), 2);

    picky.well.store(true, Ordering::Relaxed);
    assert_eq!(round(&test).await, 0, "not before its time");
    test.clock.advance(TimeDelta::minutes(6));
    assert_eq!(delivered(&test, 1).await, 1);
    assert_eq!(picky.handled.load(Ordering::Relaxed), 3);
    stop.cancel();
}

#[tokio::test]
async fn who_waits_for_others_to_take_an_event_goes_on_when_they_have_and_not_much_later_if_not() {
    let test = frozen_with(&[("picky", KINDS)]).await;
    let stop = CancellationToken::new();
    let picky = listening(&test, &stop).await;
    let (good, poison) = (append(&test, 2).await, append(&test, 1).await);
    let (db, bus) = (&test.ports.db, &*test.ports.bus);
    let settled = |id: EventId, within| async move {
        outbox::settled(db, bus, &[id], Duration::from_millis(within)).await
    };
    assert!(!settled(good, 20).await, "nobody relays it");
    let (is_settled, _) = tokio::join!(settled(good, 10_000), delivered(&test, 1));
    assert!(is_settled);
    assert_eq!(picky.handled.load(Ordering::Relaxed), 1);
    assert!(settled(good, 10_000).await, "also when it was long ago");
    assert!(!settled(poison, 20).await, "it was refused");
    assert!(outbox::settled(db, bus, &[], Duration::ZERO).await);
    stop.cancel();
}

/// The events of the outbox, by their library.
async fn rows(test: &TestPorts) -> Vec<outbox::row::Model> {
    outbox::row::Entity::find()
        .order_by_asc(outbox::row::Column::Id)
        .all(test.ports.db.read())
        .await
        .unwrap()
}

/// A consumer that the bus knows of. Over Redis it may come later: what was sent waits for it.
async fn listening(test: &TestPorts, stop: &CancellationToken) -> Arc<Picky> {
    let picky = Arc::new(Picky::default());
    let bus = Arc::clone(&test.ports.bus);
    // Whoever starts to listen wakes the relay.
    let mut known = bus.watch(outbox::TOPIC);
    let (consumer, token) = (Arc::clone(&picky), stop.clone());
    tokio::spawn(async move { bus.consume(consumer, token).await });
    if test.is_one_process() {
        known.poked().await;
    }
    picky
}

/// Relays until the event that nobody digests was refused so often. Each round waits until the
/// consumer has said something, over Redis for some seconds at most.
async fn refused(test: &TestPorts, times: i32) {
    for _ in 0..20 {
        round(test).await;
        if rows(test).await[0].refusals >= times {
            return;
        }
        test.clock.advance(TimeDelta::seconds(20));
    }
    panic!("it was not refused {times} times: {:?}", rows(test).await);
}

#[tokio::test]
async fn an_event_that_is_refused_five_times_is_parked_shown_and_tried_again_when_told_to() {
    let test = frozen_with(&[("picky", KINDS)]).await;
    let stop = CancellationToken::new();
    let picky = listening(&test, &stop).await;
    let poison = append(&test, 1).await;
    refused(&test, 4).await;
    assert_eq!(rows(&test).await[0].parked_at, None);
    refused(&test, 5).await;
    let db = test.ports.db.read();
    let parked = outbox::parked::page(db, None, 10).await.unwrap();
    assert_eq!(parked.items.len(), 1);
    assert_eq!(parked.items[0].id, poison.0);
    assert_eq!(
        parked.items[0].reason.as_deref(),
        Some("picky: it panicked")
    );
    let lag = outbox::lag(&test.ports.db, "library").await.unwrap();
    assert_eq!((lag.waiting, lag.oldest, lag.parked), (0, None, 1));

    // It is left alone for an hour, and others go on.
    test.clock.advance(TimeDelta::minutes(50));
    append(&test, 2).await;
    assert_eq!(delivered(&test, 1).await, 1);
    assert_eq!(rows(&test).await[0].refusals, 5);
    // Whoever runs the hub has mended it and does not want to wait.
    picky.well.store(true, Ordering::Relaxed);
    let txn = test.ports.db.begin().await.unwrap();
    let others = [Uuid::from_u128(7)];
    assert_eq!(outbox::parked::retry(&txn, Some(&others)).await.unwrap(), 0);
    assert_eq!(
        outbox::parked::retry(&txn, Some(&[poison.0]))
            .await
            .unwrap(),
        1
    );
    txn.commit().await.unwrap();
    assert_eq!(delivered(&test, 1).await, 1);
    assert_eq!(picky.handled.load(Ordering::Relaxed), 2);
    assert_eq!(outbox::parked::count(db).await.unwrap(), 0);
    stop.cancel();
}

#[tokio::test]
async fn a_parked_event_heals_by_itself_within_the_hour() {
    let test = frozen_with(&[("picky", KINDS)]).await;
    let stop = CancellationToken::new();
    let picky = listening(&test, &stop).await;
    append(&test, 1).await;
    refused(&test, 5).await;
    picky.well.store(true, Ordering::Relaxed);
    test.clock.advance(TimeDelta::minutes(61));
    assert_eq!(delivered(&test, 1).await, 1);
    stop.cancel();
}

#[tokio::test]
async fn an_event_that_nobody_can_be_given_is_never_parked() {
    let test = frozen_with(&[("picky", KINDS)]).await;
    append(&test, 2).await;
    if test.is_one_process() {
        for _ in 0..20 {
            test.clock.advance(TimeDelta::minutes(6));
            assert_eq!(round(&test).await, 0);
        }
        assert_eq!(rows(&test).await[0].attempts, 20);
    } else {
        // Each round waits for seconds then.
        assert_eq!(round(&test).await, 0);
    }
    let row = rows(&test).await.remove(0);
    assert_eq!((row.refusals, row.parked_at), (0, None));
    let stop = CancellationToken::new();
    listening(&test, &stop).await;
    test.clock.advance(TimeDelta::minutes(6));
    assert_eq!(delivered(&test, 1).await, 1);
    stop.cancel();
}

/// Relays until so many were acknowledged. Each round waits for that itself, over Redis for some
/// seconds at most.
async fn delivered(test: &TestPorts, count: usize) -> usize {
    let mut done = 0;
    for _ in 0..8 {
        done += round(test).await;
        if done >= count {
            break;
        }
        test.clock.advance(TimeDelta::seconds(10));
    }
    done
}

#[tokio::test]
async fn a_sweep_forgets_what_cannot_come_again_and_nothing_else() {
    let test = frozen_with(&[]).await;
    let ports = &test.ports;
    let (delivered, waiting) = (append(&test, 1).await, append(&test, 2).await);
    let txn = ports.db.begin().await.unwrap();
    for event in [delivered, waiting] {
        inbox::first_time(&txn, "one", event, &*ports.clock)
            .await
            .unwrap();
    }
    // The other still waits for another consumer.
    let row = outbox::row::ActiveModel {
        id: sea_orm::Set(delivered.0),
        delivered_at: sea_orm::Set(Some(test.clock.now())),
        ..Default::default()
    };
    outbox::row::Entity::update(row).exec(&txn).await.unwrap();
    txn.commit().await.unwrap();

    test.clock.advance(TimeDelta::days(60));
    let before = test.clock.now();
    assert_eq!(outbox::sweep(&ports.db, before).await.unwrap(), 1);
    let noted = inbox::row::Entity::find()
        .all(ports.db.read())
        .await
        .unwrap();
    let noted: Vec<Uuid> = noted.iter().map(|row| row.event_id).collect();
    assert_eq!(noted, [waiting.0]);
    assert_eq!(test.take_events().await.len(), 1);
}
