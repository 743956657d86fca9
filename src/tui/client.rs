//! The line to the kernel: connects, passes messages on, and connects again when the kernel goes.
//!
//! How a connection is made is a function that `run` is given, so that nothing else here knows the
//! socket. What the workbench sends while there is no connection is refused, never kept for later.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::update::Event;
use crate::wire::frame::FrameError;
use crate::wire::messages::{FromKernel, ToKernel};
use crate::wire::socket;

const MESSAGES: usize = 256;
const REQUESTS: usize = 64;
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A connection as the workbench uses it. It has ended when `messages` has.
#[derive(Debug)]
pub struct Channel {
    pub requests: mpsc::Sender<ToKernel>,
    /// The last one may be the reason of the end.
    pub messages: mpsc::Receiver<Result<FromKernel, String>>,
}

type Connecting = Pin<Box<dyn Future<Output = Result<Channel, String>>>>;

/// Makes one connection, or says why there is none.
pub type Connect = Box<dyn Fn() -> Connecting>;

/// Connects to the kernel's socket.
pub fn at_socket(path: PathBuf) -> Connect {
    Box::new(move || {
        let path = path.clone();
        Box::pin(async move {
            let connection = socket::connect(&path)
                .await
                .map_err(|error| match error.hint() {
                    Some(hint) => format!("{error}; {hint}"),
                    None => error.to_string(),
                })?;
            let (reader, writer) = connection.split();
            Ok(carry(reader, writer))
        })
    })
}

/// Starts the two tasks that carry messages. Each ends when its side does, and ends the other.
fn carry(mut reader: socket::FrontEndReader, mut writer: socket::FrontEndWriter) -> Channel {
    let (requests, mut outgoing) = mpsc::channel::<ToKernel>(REQUESTS);
    let (incoming, messages) = mpsc::channel(MESSAGES);
    let failed = incoming.clone();
    tokio::spawn(async move {
        while let Some(request) = outgoing.recv().await {
            if let Err(error) = writer.send(&request).await {
                // The reader's end tells it too; when nobody listens any more nothing is lost.
                let _ = failed.send(Err(error.to_string())).await;
                break;
            }
        }
    });
    tokio::spawn(async move {
        loop {
            let message = match reader.next().await {
                Ok(Some(message)) => Ok(message),
                Ok(None) => Err("the kernel closed the connection".to_owned()),
                Err(error) => Err(reason(&error)),
            };
            let last = message.is_err();
            if incoming.send(message).await.is_err() || last {
                break;
            }
        }
    });
    Channel { requests, messages }
}

fn reason(error: &FrameError) -> String {
    match error {
        FrameError::Cut { .. } => "the kernel went away".to_owned(),
        error => error.to_string(),
    }
}

enum Phase {
    Connecting(Connecting),
    Waiting(Instant),
    Up(Channel),
}

pub struct Client {
    connect: Connect,
    phase: Phase,
    tries: u32,
}

impl Client {
    /// Begins to connect when [`Client::next`] is first awaited.
    pub fn new(connect: Connect) -> Self {
        Self {
            connect,
            phase: Phase::Waiting(Instant::now()),
            tries: 0,
        }
    }

    /// The next thing that happens on the line. Cancel safe.
    pub async fn next(&mut self) -> Event {
        loop {
            match &mut self.phase {
                Phase::Waiting(until) => {
                    tokio::time::sleep_until(*until).await;
                    self.phase = Phase::Connecting((self.connect)());
                }
                Phase::Connecting(connecting) => {
                    return match connecting.as_mut().await {
                        Ok(channel) => {
                            self.tries = 0;
                            self.phase = Phase::Up(channel);
                            Event::Connected
                        }
                        Err(reason) => {
                            self.tries = self.tries.saturating_add(1);
                            self.away(reason)
                        }
                    };
                }
                Phase::Up(channel) => {
                    let message = channel.messages.recv().await;
                    return self.received(message);
                }
            }
        }
    }

    /// What has already arrived, without waiting.
    pub fn ready(&mut self) -> Option<Event> {
        let Phase::Up(channel) = &mut self.phase else {
            return None;
        };
        let message = channel.messages.try_recv().ok()?;
        Some(self.received(Some(message)))
    }

    /// Passes a request on; false when there is no connection or it takes no more.
    pub fn send(&mut self, request: ToKernel) -> bool {
        match &self.phase {
            Phase::Up(channel) => channel.requests.try_send(request).is_ok(),
            _ => false,
        }
    }

    fn received(&mut self, message: Option<Result<FromKernel, String>>) -> Event {
        match message {
            Some(Ok(message)) => Event::Kernel(Box::new(message)),
            Some(Err(reason)) => self.away(reason),
            None => self.away("the kernel closed the connection".to_owned()),
        }
    }

    fn away(&mut self, reason: String) -> Event {
        let pause = SHORTEST_PAUSE
            .saturating_mul(1 << self.tries.min(5))
            .min(LONGEST_PAUSE);
        self.phase = Phase::Waiting(Instant::now() + pause);
        Event::Away {
            tries: self.tries,
            reason,
        }
    }
}
