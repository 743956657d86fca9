//! The kernel's end of the socket: one task a front-end, nothing that one of them does blocks the kernel.
//!
//! Requests of one connection run beside each other. Events go through a bounded broadcast: a front-end
//! that does not read falls behind, is told [`Event::Resync`] and gets a fresh snapshot when it asks.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::journal::About;
use super::requests::{Answerer, answer};
use super::shared::Shared;
use crate::wire::messages::{
    Event, Failure, FailureKind, FromKernel, LogLevel, Reply, Request, ToKernel,
};
use crate::wire::socket::{KernelConnection, KernelReader, KernelWriter, Listener};

/// Replies and events that may wait for one front-end's socket.
const OUTBOX: usize = 256;
/// Requests of one front-end that may be under way at once.
const REQUESTS_AT_ONCE: usize = 64;

/// Serves front-ends until the kernel stops.
pub async fn serve(mut listener: Listener, shared: Arc<Shared>) {
    loop {
        tokio::select! {
            connection = listener.accept() => match connection {
                Ok(connection) => {
                    tokio::spawn(attend(connection, shared.clone()));
                }
                Err(error) => shared.journal.record(
                    LogLevel::Warn,
                    About::default(),
                    "link.refused",
                    &format!("a connection was refused: {error}"),
                    serde_json::json!({}),
                ),
            },
            () = stopped(&shared) => return,
        }
    }
}

/// Returns once the kernel is to stop.
pub async fn stopped(shared: &Shared) {
    let mut events = shared.journal.subscribe();
    while !shared.is_stopping() {
        match events.recv().await {
            Ok(Event::Stopping) | Err(RecvError::Closed) => return,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
        }
    }
}

async fn attend(connection: KernelConnection, shared: Arc<Shared>) {
    let (reader, to_front_end) = connection.split();
    let (outbox, waiting) = mpsc::channel(OUTBOX);
    let writing = tokio::spawn(write_all(to_front_end, waiting));
    read_all(reader, outbox, shared).await;
    // What was asked before the front-end went is still answered, but not waited for without end.
    let _ = tokio::time::timeout(Duration::from_secs(5), writing).await;
}

async fn read_all(mut reader: KernelReader, outbox: mpsc::Sender<FromKernel>, shared: Arc<Shared>) {
    let requests = Arc::new(Semaphore::new(REQUESTS_AT_ONCE));
    // Waits and subscriptions end with the front-end; whatever else it asked is finished all the same.
    let mut waits = tokio::task::JoinSet::new();
    let mut read_only = false;
    while let Ok(Some(ToKernel { id, request })) = reader.next().await {
        let Ok(permit) = requests.clone().acquire_owned().await else {
            return;
        };
        let outbox = outbox.clone();
        let shared = shared.clone();
        while waits.try_join_next().is_some() {}
        read_only |= request == Request::ReadOnly;
        if read_only && request.changes() {
            if outbox
                .send(enveloped(id, Err(only_looks_on())))
                .await
                .is_err()
            {
                return;
            }
            continue;
        }
        match request {
            Request::Subscribe { log_entries } => {
                waits.spawn(async move { subscribe(id, log_entries, &shared, &outbox).await });
            }
            Request::WaitMission { .. } | Request::WaitSend { .. } => {
                waits.spawn(reply_to(id, request, shared, outbox, permit));
            }
            _ => {
                tokio::spawn(reply_to(id, request, shared, outbox, permit));
            }
        }
    }
    waits.abort_all();
}

fn only_looks_on() -> Failure {
    Failure {
        kind: FailureKind::Unavailable,
        message: "this front-end only looks on: nothing was changed".to_owned(),
        hint: Some("attach without --read-only to change something".to_owned()),
    }
}

async fn reply_to(
    id: u64,
    request: Request,
    shared: Arc<Shared>,
    outbox: mpsc::Sender<FromKernel>,
    permit: OwnedSemaphorePermit,
) {
    let stops = request == Request::Stop;
    let answerer = Answerer {
        shared: shared.clone(),
    };
    let reply = answer(answerer, request).await;
    let _ = outbox.send(enveloped(id, reply)).await;
    drop(permit);
    if stops {
        shared.stop();
    }
}

fn enveloped(id: u64, reply: Result<Reply, Failure>) -> FromKernel {
    match reply {
        Ok(reply) => FromKernel::Reply { id, reply },
        Err(failure) => FromKernel::Failure { id, failure },
    }
}

/// The snapshot, then events from the moment at which it was taken.
async fn subscribe(
    id: u64,
    log_entries: u32,
    shared: &Arc<Shared>,
    outbox: &mpsc::Sender<FromKernel>,
) {
    let mut events = shared.journal.subscribe();
    let answerer = Answerer {
        shared: shared.clone(),
    };
    let snapshot = answerer.snapshot(log_entries).await;
    if outbox.send(enveloped(id, snapshot)).await.is_err() {
        return;
    }
    loop {
        let message = match events.recv().await {
            Ok(event) => event,
            // The front-end subscribes again; until it does there is no use in sending more.
            Err(RecvError::Lagged(_)) => {
                let _ = outbox.send(FromKernel::Event(Event::Resync)).await;
                return;
            }
            Err(RecvError::Closed) => return,
        };
        if outbox.send(FromKernel::Event(message)).await.is_err() {
            return;
        }
    }
}

async fn write_all(mut writer: KernelWriter, mut waiting: mpsc::Receiver<FromKernel>) {
    while let Some(message) = waiting.recv().await {
        if writer.send(&message).await.is_err() {
            return;
        }
    }
    let _ = writer.close().await;
}
