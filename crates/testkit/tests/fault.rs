//! The proxy does to a connection what it is told, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use djinn_testkit::fault::{Fault, FaultProxy};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// A program that says back what it hears, behind a proxy.
async fn echo() -> FaultProxy {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::to(listener.local_addr().unwrap())
        .await
        .unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut reads, mut writes) = stream.split();
                let _ = tokio::io::copy(&mut reads, &mut writes).await;
            });
        }
    });
    proxy
}

async fn connect(proxy: &FaultProxy) -> TcpStream {
    TcpStream::connect(proxy.address()).await.unwrap()
}

/// For what comes, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(20);

/// What comes back of `said`, or as much of it as comes before the end.
async fn heard(stream: &mut TcpStream, said: &[u8]) -> Vec<u8> {
    let _ = stream.write_all(said).await;
    read(stream, said.len()).await
}

/// At least so many bytes, if they come before the end.
async fn read(stream: &mut TcpStream, bytes: usize) -> Vec<u8> {
    let (mut heard, mut buffer) = (Vec::new(), [0; 1024]);
    while heard.len() < bytes {
        match timeout(PATIENCE, stream.read(&mut buffer)).await {
            Ok(Ok(read)) if read > 0 => heard.extend_from_slice(&buffer[..read]),
            _ => break,
        }
    }
    heard
}

/// Whether `said` is followed by silence: nothing comes, and no end.
async fn is_held_back(stream: &mut TcpStream, said: &[u8]) -> bool {
    stream.write_all(said).await.unwrap();
    let (silence, mut buffer) = (Duration::from_millis(1_500), [0; 8]);
    timeout(silence, stream.read(&mut buffer)).await.is_err()
}

#[tokio::test]
async fn without_a_fault_nothing_happens() {
    let proxy = echo().await;
    let mut stream = connect(&proxy).await;
    assert_eq!(heard(&mut stream, b"hello").await, b"hello");
    assert_eq!((proxy.open(), proxy.accepted()), (1, 1));
}

#[tokio::test]
async fn an_answer_is_cut_changed_or_replaced() {
    let proxy = echo().await;
    proxy.now(Fault::Truncated { after: 3 });
    assert_eq!(heard(&mut connect(&proxy).await, b"hello").await, b"hel");
    proxy.now(Fault::CutShort);
    assert_eq!(heard(&mut connect(&proxy).await, b"hello").await, b"hell");
    proxy.now(Fault::Corrupt);
    let changed = heard(&mut connect(&proxy).await, b"hello").await;
    assert!(changed.len() == 5 && changed != b"hello", "{changed:?}");
    proxy.now(Fault::Garbage);
    let garbage = heard(&mut connect(&proxy).await, b"hello").await;
    assert!(!garbage.is_empty() && !garbage.starts_with(b"hello"));
}

#[tokio::test]
async fn a_black_hole_holds_back_what_passes_when_it_is_over() {
    let proxy = echo().await;
    let mut stream = connect(&proxy).await;
    assert_eq!(heard(&mut stream, b"a").await, b"a");
    proxy.now(Fault::Blackhole);
    assert!(is_held_back(&mut stream, b"b").await);
    let mut later = connect(&proxy).await;
    assert!(is_held_back(&mut later, b"c").await);
    proxy.now(Fault::None);
    assert_eq!(read(&mut later, 1).await, b"c");
    assert_eq!(read(&mut stream, 1).await, b"b");
}

#[tokio::test]
async fn connections_break_by_force() {
    let proxy = echo().await;
    let mut stream = connect(&proxy).await;
    assert_eq!(heard(&mut stream, b"a").await, b"a");
    proxy.cut();
    let broken = timeout(PATIENCE, stream.read(&mut [0; 8])).await;
    assert!(broken.unwrap().is_err());
    assert_eq!(heard(&mut connect(&proxy).await, b"b").await, b"b");
    proxy.now(Fault::Reset);
    assert_eq!(heard(&mut connect(&proxy).await, b"c").await, b"");
}

#[tokio::test]
async fn slow_is_slow_and_all_of_it_arrives() {
    let proxy = echo().await;
    proxy.now(Fault::Late {
        latency: Duration::from_millis(100),
        jitter: Duration::from_millis(50),
    });
    let started = Instant::now();
    assert_eq!(heard(&mut connect(&proxy).await, b"hello").await, b"hello");
    assert!(started.elapsed() >= Duration::from_millis(100));
    proxy.now(Fault::Narrow {
        bytes_per_second: 20,
    });
    let started = Instant::now();
    assert_eq!(
        heard(&mut connect(&proxy).await, b"hello!").await,
        b"hello!"
    );
    assert!(started.elapsed() >= Duration::from_millis(200));
}
