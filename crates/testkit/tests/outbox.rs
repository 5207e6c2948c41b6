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
use sea_orm::EntityTrait;
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
    let picky = Arc::new(Picky::default());
    let stop = CancellationToken::new();
    let bus = Arc::clone(&test.ports.bus);
    let (consumer, token) = (Arc::clone(&picky), stop.clone());
    tokio::spawn(async move { bus.consume(consumer, token).await });
    tokio::time::sleep(Duration::from_millis(100)).await;

    append(&test, 1).await;
    append(&test, 2).await;
    append(&test, 3).await;
    assert_eq!(round(&test).await, 2, "the poison is left");
    assert_eq!(picky.handled.load(Ordering::Relaxed), 2);

    picky.well.store(true, Ordering::Relaxed);
    assert_eq!(round(&test).await, 0, "not before its time");
    // Over Redis, an event is put on the stream again only after ten seconds of real time.
    for _ in 0..15 {
        test.clock.advance(TimeDelta::minutes(6));
        if round(&test).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(picky.handled.load(Ordering::Relaxed), 3);
    stop.cancel();
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
