//! Everybody who follows, read by one thread that gives way to the hub.
//!
//! In a house the readers are on other machines; here they are on the hub's. What counts is when the
//! system has received a frame for its reader, which it writes down itself (`SO_TIMESTAMPNS`). To read
//! it may wait until the hub leaves a processor idle, and costs as little as it can: one thread of the
//! lowest priority, in rounds, one call of the system for each frame, and nothing parsed twice.

use super::{arrivals::Arrivals, frame};
use crate::failure::{Attempt, Failure};
use nix::{
    cmsg_space,
    errno::Errno,
    sys::{
        epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags},
        socket::{ControlMessageOwned, MsgFlags, RecvMsg, recvmsg, setsockopt, sockopt},
        time::TimeSpec,
    },
};
use std::{
    io::{IoSliceMut, Write},
    net::TcpStream,
    os::fd::AsRawFd,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    thread,
    time::{Duration, SystemTime},
};

/// The lowest priority there is.
pub const NICE: i32 = 19;
/// From one round to the next. Whoever waits all the time has to be woken by each frame, and the hub
/// would do that.
pub const ROUND: Duration = Duration::from_millis(2);
/// How long a round waits for its first frame, in milliseconds: newcomers come in between.
const WAIT: u8 = 20;
/// How many sockets a round reads at most.
const AT_ONCE: usize = 1024;
/// What is read at once. A frame is much shorter.
const BUFFER: usize = 64 * 1024;

/// All who follow, until dropped.
pub struct Crowd {
    newcomers: Sender<TcpStream>,
}

impl Crowd {
    /// Nobody yet; what they will hear goes to `arrivals`.
    pub fn new(arrivals: Arc<Arrivals>) -> Attempt<Self> {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)
            .map_err(Failure::doing("preparing to read sockets"))?;
        let (newcomers, incoming) = channel();
        let (say, said) = channel();
        let read = move || {
            // Of this thread only, on Linux.
            let stepped_back = rustix::process::setpriority_process(None, NICE);
            if say.send(stepped_back).is_ok() && stepped_back.is_ok() {
                Reading::new(epoll, arrivals).read(&incoming);
            }
        };
        thread::Builder::new()
            .name("crowd".to_owned())
            .spawn(read)
            .map_err(Failure::doing("starting a thread"))?;
        said.recv()
            .map_err(Failure::doing("starting a thread"))?
            .map_err(Failure::doing("giving way to the hub"))?;
        Ok(Self { newcomers })
    }

    /// One more, who has subscribed and heard how the room stands.
    pub fn join(&self, stream: tokio::net::TcpStream) -> Attempt<()> {
        let stream = stream
            .into_std()
            .map_err(Failure::doing("handing a socket over"))?;
        setsockopt(&stream, sockopt::ReceiveTimestampns, &true)
            .map_err(Failure::doing("asking for the times of arrival"))?;
        self.newcomers
            .send(stream)
            .map_err(Failure::doing("handing a socket over"))
    }
}

struct Follower {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come yet.
    rest: Vec<u8>,
    /// The last change.
    seen: u64,
}

/// What one read brought.
struct Brought {
    bytes: usize,
    /// When the last of it was received. A change that was followed by something else before it was
    /// read counts as late as that.
    stamp: Option<SystemTime>,
}

struct Reading {
    epoll: Epoll,
    arrivals: Arc<Arrivals>,
    followers: Vec<Option<Follower>>,
    buffer: Vec<u8>,
    control: Vec<u8>,
    heard: Heard,
}

impl Reading {
    fn new(epoll: Epoll, arrivals: Arc<Arrivals>) -> Self {
        Self {
            epoll,
            arrivals,
            followers: Vec::new(),
            buffer: vec![0; BUFFER],
            control: cmsg_space!(TimeSpec),
            heard: Heard::default(),
        }
    }

    /// Reads until the crowd is dropped. Whoever cannot be read misses changes, which is reported.
    fn read(mut self, incoming: &Receiver<TcpStream>) {
        let mut events = vec![EpollEvent::empty(); AT_ONCE];
        loop {
            loop {
                match incoming.try_recv() {
                    Ok(stream) => self.take_in(stream),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            let ready = match self.epoll.wait(&mut events, WAIT) {
                Ok(ready) => ready,
                Err(Errno::EINTR) => continue,
                Err(_) => return,
            };
            for event in &events[..ready] {
                self.look_at(event.data() as usize);
            }
            if ready < events.len() {
                thread::sleep(ROUND);
            }
        }
    }

    fn take_in(&mut self, stream: TcpStream) {
        // Told once when something comes, not again and again until it is read.
        let wanted = EpollFlags::EPOLLIN | EpollFlags::EPOLLET;
        let wanted = EpollEvent::new(wanted, self.followers.len() as u64);
        let added = self.epoll.add(&stream, wanted);
        self.followers.push(added.is_ok().then_some(Follower {
            stream,
            rest: Vec::new(),
            seen: 0,
        }));
    }

    fn look_at(&mut self, number: usize) {
        let Some(place) = self.followers.get_mut(number) else {
            return;
        };
        let Some(follower) = place else { return };
        loop {
            let brought = match receive(follower, &mut self.buffer, &mut self.control) {
                Ok(brought) => brought,
                Err(Errno::EINTR) => continue,
                Err(Errno::EAGAIN) => return,
                Err(_) => break,
            };
            let read = SystemTime::now();
            let bytes = &self.buffer[..brought.bytes];
            let heard = follower.hear(bytes, &mut self.heard, |change| {
                self.arrivals.came(change, brought.stamp, read);
            });
            if brought.bytes == 0 || heard.is_err() {
                break;
            }
            // Less than there was room for: there is nothing more.
            if brought.bytes < self.buffer.len() {
                return;
            }
        }
        *place = None;
    }
}

fn receive(follower: &Follower, buffer: &mut [u8], control: &mut [u8]) -> Result<Brought, Errno> {
    let mut into = [IoSliceMut::new(buffer)];
    let socket = follower.stream.as_raw_fd();
    let message = recvmsg::<()>(socket, &mut into, Some(control), MsgFlags::MSG_DONTWAIT)?;
    Ok(Brought {
        bytes: message.bytes,
        stamp: stamp(&message),
    })
}

fn stamp(message: &RecvMsg<'_, '_, ()>) -> Option<SystemTime> {
    let mut controls = message.cmsgs().ok()?;
    controls.find_map(|control| match control {
        ControlMessageOwned::ScmTimestampns(at) => {
            SystemTime::UNIX_EPOCH.checked_add(Duration::from(at))
        }
        _ => None,
    })
}

impl Follower {
    /// Takes in what was read: answers pings, and tells of changes that are the next ones.
    fn hear(
        &mut self,
        bytes: &[u8],
        heard: &mut Heard,
        mut came: impl FnMut(u64),
    ) -> std::io::Result<()> {
        let Self { stream, rest, seen } = self;
        let kept;
        let mut left = if rest.is_empty() {
            bytes
        } else {
            rest.extend_from_slice(bytes);
            kept = std::mem::take(rest);
            &kept[..]
        };
        while let Some((payload, others)) = frame::first(left) {
            left = others;
            if payload == frame::PING {
                stream.write_all(frame::PONG)?;
                continue;
            }
            for &change in heard.changes(payload) {
                // Each once and in order, or it is not what a follower may rely on.
                if change == *seen + 1 {
                    *seen = change;
                    came(change);
                }
            }
        }
        rest.extend_from_slice(left);
        Ok(())
    }
}

/// The last message and what changes it tells of: the next is most often the same, to somebody else.
#[derive(Default)]
struct Heard {
    message: Vec<u8>,
    changes: Vec<u64>,
}

impl Heard {
    fn changes(&mut self, message: &[u8]) -> &[u64] {
        if self.message != message {
            message.clone_into(&mut self.message);
            self.changes = frame::changes(message);
        }
        &self.changes
    }
}
