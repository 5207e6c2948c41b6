//! A network that misbehaves when the test says so.
//!
//! A [`FaultProxy`] stands between two programs that speak TCP. It passes bytes on until it is told
//! to do otherwise, and then does so on connections that are open as well as on new ones.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
    time::sleep,
};

/// What happens on the way. Answers are what comes from the program behind the proxy; unless it says
/// otherwise, a fault is about those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Every piece comes later, by `latency` and up to `jitter` more.
    Late {
        /// At least so much later.
        latency: Duration,
        /// And up to so much more, differently for each piece.
        jitter: Duration,
    },
    /// No more than this passes each second; 1 is the slowest.
    Narrow {
        /// Bytes in a second.
        bytes_per_second: usize,
    },
    /// Connections are made and broken at once, open ones too.
    Reset,
    /// Connections are made, and nothing passes in either direction, until it is over. Then what was
    /// held back passes.
    Blackhole,
    /// The end of a connection is passed on so much later.
    SlowClose(Duration),
    /// Some bytes are others.
    Corrupt,
    /// The answer is something that nobody asked for, and ends.
    Garbage,
    /// The connection ends after so many bytes of answers.
    Truncated {
        /// So many pass.
        after: usize,
    },
    /// The connection ends before the last byte of what was to pass: however long an answer is, it
    /// never comes whole.
    CutShort,
}

/// What the connections look at.
#[derive(Debug, Clone, Copy)]
struct Orders {
    fault: Fault,
    upstream: SocketAddr,
    /// How often all connections were cut.
    cuts: u32,
}

/// A proxy on a port of its own. It ends with this handle.
pub struct FaultProxy {
    address: SocketAddr,
    orders: watch::Sender<Orders>,
    open: Arc<AtomicUsize>,
    accepted: Arc<AtomicUsize>,
    accepting: AbortHandle,
}

impl FaultProxy {
    /// A proxy in front of `upstream`, that does no harm yet.
    pub async fn to(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (orders, watched) = watch::channel(Orders {
            fault: Fault::None,
            upstream,
            cuts: 0,
        });
        let open = Arc::<AtomicUsize>::default();
        let accepted = Arc::<AtomicUsize>::default();
        let (counted, ever) = (Arc::clone(&open), Arc::clone(&accepted));
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                ever.fetch_add(1, Ordering::SeqCst);
                let (watched, open) = (watched.clone(), Counted::new(&counted));
                tokio::spawn(async move {
                    let _open = open;
                    carry(client, watched).await;
                });
            }
        })
        .abort_handle();
        Ok(Self {
            address,
            orders,
            open,
            accepted,
            accepting,
        })
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL, `http://127.0.0.1:41234`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on, this happens.
    pub fn now(&self, fault: Fault) {
        self.orders.send_modify(|orders| orders.fault = fault);
    }

    /// New connections lead to another program; open ones stay with the one they have.
    pub fn lead_to(&self, upstream: SocketAddr) {
        self.orders.send_modify(|orders| orders.upstream = upstream);
    }

    /// Breaks every open connection; new ones are made as before.
    pub fn cut(&self) {
        self.orders.send_modify(|orders| orders.cuts += 1);
    }

    /// How many connections were ever made to it.
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(open))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// How a connection ends.
enum End {
    /// Both sides have said all, or one is gone.
    Close,
    /// By force.
    Reset,
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Close
    }
}

async fn carry(mut client: TcpStream, orders: watch::Receiver<Orders>) {
    let end = exchange(&mut client, orders).await;
    if matches!(end, Err(End::Reset)) {
        // Without lingering, the system sends a reset instead of a polite end.
        let _ = client.set_zero_linger();
    }
}

async fn exchange(client: &mut TcpStream, mut orders: watch::Receiver<Orders>) -> Result<(), End> {
    let first = *orders.borrow();
    let broken = broken(orders.clone(), first.cuts);
    let exchanged = async {
        let upstream = passable(&mut orders).await?.upstream;
        let mut server = TcpStream::connect(upstream).await?;
        for stream in [&*client, &server] {
            stream.set_nodelay(true)?;
        }
        let (client_reads, client_writes) = client.split();
        let (server_reads, server_writes) = server.split();
        let asked = pass_on(
            client_reads,
            server_writes,
            orders.clone(),
            Direction::There,
        );
        let answered = pass_on(server_reads, client_writes, orders, Direction::Back);
        tokio::try_join!(asked, answered).map(|_| ())
    };
    tokio::select! {
        end = exchanged => end,
        () = broken => Err(End::Reset),
    }
}

/// Waits until the connection is to be broken.
async fn broken(mut orders: watch::Receiver<Orders>, cuts: u32) {
    let told = orders.wait_for(|orders| orders.fault == Fault::Reset || orders.cuts != cuts);
    // The test is over otherwise, and the proxy with it.
    let _ = told.await;
}

/// Waits until anything passes at all.
async fn passable(orders: &mut watch::Receiver<Orders>) -> Result<Orders, End> {
    let orders = orders.wait_for(|orders| orders.fault != Fault::Blackhole);
    orders.await.map(|orders| *orders).map_err(|_| End::Reset)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    There,
    Back,
}

/// No HTTP, no TLS, nothing.
const GARBAGE: &[u8] = b"\x00\xff\x13\x37 teapot \r\n\r\n\x07";

async fn pass_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut orders: watch::Receiver<Orders>,
    direction: Direction,
) -> Result<(), End> {
    let mut buffer = vec![0; 16 * 1024];
    let mut passed = 0_usize;
    loop {
        let read = from.read(&mut buffer).await?;
        let piece = &mut buffer[..read];
        let mut fault = passable(&mut orders).await?.fault;
        if direction == Direction::There {
            fault = Fault::None;
        }
        if piece.is_empty() {
            if let Fault::SlowClose(later) = fault {
                sleep(later).await;
            }
            return Ok(to.shutdown().await?);
        }
        match fault {
            Fault::Late { latency, jitter } => {
                // Different for each piece, the same in every run.
                let share = (passed.wrapping_mul(2_654_435_761) >> 7) % 100;
                sleep(latency + jitter.mul_f64(share as f64 / 100.0)).await;
            }
            Fault::Narrow { bytes_per_second } => {
                narrow(&mut to, piece, bytes_per_second, &mut orders).await?;
                passed += read;
                continue;
            }
            Fault::Corrupt => piece.iter_mut().step_by(7).for_each(|byte| *byte ^= 0x15),
            Fault::Garbage => {
                to.write_all(GARBAGE).await?;
                return Err(End::Close);
            }
            Fault::Truncated { after } if passed + read > after => {
                to.write_all(&piece[..after.saturating_sub(passed)]).await?;
                return Err(End::Close);
            }
            Fault::CutShort => {
                to.write_all(&piece[..read - 1]).await?;
                return Err(End::Close);
            }
            Fault::None
            | Fault::SlowClose(_)
            | Fault::Reset
            | Fault::Blackhole
            | Fault::Truncated { .. } => {}
        }
        to.write_all(piece).await?;
        passed += read;
    }
}

/// A few bytes at a time; all the rest as soon as the fault is over.
async fn narrow(
    to: &mut (impl AsyncWrite + Unpin),
    piece: &[u8],
    bytes_per_second: usize,
    orders: &mut watch::Receiver<Orders>,
) -> Result<(), End> {
    // In steps of a tenth of a second, where that is a byte at least.
    let (step, pause) = match bytes_per_second / 10 {
        0 => (1, Duration::from_secs(1) / bytes_per_second.max(1) as u32),
        step => (step, Duration::from_millis(100)),
    };
    let mut rest = piece;
    while !rest.is_empty() {
        let over = orders.wait_for(|orders| !matches!(orders.fault, Fault::Narrow { .. }));
        let now = match tokio::time::timeout(pause, over).await {
            Ok(_) => rest.len(),
            Err(_) => step.min(rest.len()),
        };
        to.write_all(&rest[..now]).await?;
        rest = &rest[now..];
    }
    Ok(())
}
