//! The probe: asks the kernel to write to its image and to read it back.
//!
//! A fresh connection each time, so that a kernel which no longer accepts any is found out too.

use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;

use crate::wire::messages::Request;
use crate::wire::socket::{RequestError, Role, SocketError, connect_as};

/// What came of one probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Alive,
    /// It answers, and says that something is wrong that a restart would not mend.
    Troubled(String),
    /// It is another version: it cannot be asked.
    Stranger(String),
    Missed(String),
}

pub(super) async fn probe(socket: &Path, limit: Duration) -> Answer {
    timeout(limit, ask(socket, Request::Probe))
        .await
        .unwrap_or_else(|_| Answer::Missed(format!("no answer within {} s", limit.as_secs_f64())))
}

/// Asks the kernel to stop; the answer does not matter, because its end is what is waited for.
pub(super) async fn ask_to_stop(socket: &Path, limit: Duration) -> Answer {
    timeout(limit, ask(socket, Request::Stop))
        .await
        .unwrap_or_else(|_| Answer::Missed(format!("no answer within {} s", limit.as_secs_f64())))
}

async fn ask(socket: &Path, request: Request) -> Answer {
    let mut connection = match connect_as(socket, Role::Watchdog).await {
        Ok(connection) => connection,
        Err(error @ SocketError::OtherVersion { .. }) => {
            return Answer::Stranger(error.to_string());
        }
        Err(error) => return Answer::Missed(error.to_string()),
    };
    match connection.request(1, request).await {
        Ok(_) => Answer::Alive,
        Err(RequestError::Failed(failure)) => Answer::Troubled(failure.message),
        Err(error) => Answer::Missed(error.to_string()),
    }
}
