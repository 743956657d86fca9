//! Missions from the named pipe: a line is taken only when the one before it is durable.

use std::sync::Arc;

use serde_json::json;

use super::journal::About;
use super::shared::Shared;
use crate::wire::messages::{LogLevel, MissionInput};
use crate::wire::pipe::{MissionPipe, PipeError, PipeLine, inherited_or_prepare};

/// Reads the pipe for as long as the runtime lives. A pipe that cannot be read is logged and left: the
/// socket still takes missions.
pub fn attend(shared: &Arc<Shared>) {
    // Lines stay in the pipe until a kernel takes missions again.
    if shared.safe_mode {
        return;
    }
    let path = shared.settings.missions_pipe.clone();
    let opened = inherited_or_prepare(&path).and_then(|pipe| MissionPipe::over(pipe, &path));
    match opened {
        Ok(pipe) => {
            tokio::spawn(take_missions(pipe, shared.clone()));
        }
        Err(error) => complain(shared, &error),
    }
}

async fn take_missions(mut pipe: MissionPipe, shared: Arc<Shared>) {
    loop {
        let refused = match pipe.next().await {
            Ok(PipeLine::Mission(words)) => {
                let accepting = shared.clone();
                let accepted = tokio::task::spawn_blocking(move || {
                    accepting.accept(MissionInput::Words(words))
                })
                .await;
                match accepted {
                    Ok(Ok(_)) => continue,
                    Ok(Err(error)) => error.to_string(),
                    Err(error) => error.to_string(),
                }
            }
            Ok(PipeLine::Refused(why)) => why.clone(),
            Err(error) => {
                warn(
                    &shared,
                    &format!("the missions pipe cannot be read: {error}"),
                );
                return;
            }
        };
        warn(
            &shared,
            &format!("a line of the missions pipe was not taken: {refused}"),
        );
    }
}

fn complain(shared: &Shared, error: &PipeError) {
    warn(shared, &format!("there is no missions pipe: {error}"));
}

fn warn(shared: &Shared, text: &str) {
    shared.journal.record(
        LogLevel::Warn,
        About::default(),
        "missions.pipe",
        text,
        json!({}),
    );
}
