//! Holding a mission and letting it go on, and ending one that is not at work.
//!
//! The wish stands in the mission's document, so that it outlives every kill, and in the queue, where the missions
//! thread sees it between two states. One lock orders wishes, so that queue and document agree.

use serde_json::json;

use super::document::{Document, state_of, summary};
use super::heal::pending;
use super::journal::About;
use super::planning::stays;
use super::psm::CANCELLED;
use super::queue::Own;
use super::requests::{Answerer, commit_failure, image, internal};
use super::shared::Cancelling;
use crate::image::{Author, MissionId, Read};
use crate::wire::messages::{Event, Failure, FailureKind, LogLevel, MissionReport, MissionState};
use crate::wire::plan::Pause;

/// How often a wish that lost a race with a transition is tried again.
const MAX_RETRIES: u32 = 16;

/// Whether a stored document says so; one that cannot be read is not.
pub fn is_paused(document: &str) -> bool {
    #[derive(serde::Deserialize)]
    struct Paused {
        #[serde(default)]
        paused: bool,
    }
    serde_json::from_str::<Paused>(document).is_ok_and(|document| document.paused)
}

impl Answerer {
    /// Durable on return. A mission that waits is held at once, one at work from its next transition on.
    pub(super) fn pause(&self, id: MissionId) -> Result<MissionReport, Failure> {
        self.refuse_in_safe_mode()?;
        let wishes = self.shared.wishes();
        let before = self.mission(id)?;
        refuse_ended(&before)?;
        if before.summary.pause != Pause::No {
            return Err(conflict(
                format!("mission {id} is paused already"),
                format!("have it go on with `batos mission resume {id}`"),
            ));
        }
        self.shared.hold(id);
        if let Err(failure) = self.set_paused(id, true) {
            self.shared.release(id, self.own_of(id));
            return Err(failure);
        }
        drop(wishes);
        let report = self.mission(id)?;
        let text = match report.summary.pause {
            Pause::Asked => "is paused at its next transition",
            _ => "is paused",
        };
        self.tell_wish(&report, "mission.paused", text);
        Ok(report)
    }

    /// Durable on return.
    pub(super) fn resume(&self, id: MissionId) -> Result<MissionReport, Failure> {
        self.refuse_in_safe_mode()?;
        let wishes = self.shared.wishes();
        let before = self.mission(id)?;
        refuse_ended(&before)?;
        if before.summary.pause == Pause::No {
            return Err(conflict(
                format!("mission {id} is not paused"),
                format!("see where it stands with `batos mission show {id}`"),
            ));
        }
        self.set_paused(id, false)?;
        self.shared.release(id, self.own_of(id));
        drop(wishes);
        let report = self.mission(id)?;
        self.tell_wish(&report, "mission.resumed", "goes on");
        Ok(report)
    }

    pub(super) fn cancel(&self, id: MissionId) -> Result<(), Failure> {
        let wishes = self.shared.wishes();
        let mission = self.mission(id)?;
        refuse_ended(&mission)?;
        match self.shared.cancel(id) {
            Cancelling::Runs => Ok(()),
            Cancelling::Waited => self.end_waiting(id),
            Cancelling::Unknown if mission.summary.pause == Pause::Yes => self.end_waiting(id),
            Cancelling::Unknown if self.mission(id)?.summary.state.has_ended() => Ok(()),
            Cancelling::Unknown => Err(conflict(
                format!("mission {id} is not at work in this kernel"),
                format!("see it with `batos mission show {id}`"),
            )),
        }
        .inspect(|()| drop(wishes))
    }

    /// A mission that is not at work ends without waiting for the one that is.
    fn end_waiting(&self, id: MissionId) -> Result<(), Failure> {
        let mut transaction = self.shared.image.begin(Author::Person);
        if let Some(mut mission) = transaction.mission(id).map_err(image)?
            && let Ok(mut document) = serde_json::from_str::<Document>(&mission.document)
        {
            if let Some(plan) = &mut document.plan {
                plan.note_tid(mission.tid);
            }
            document.outcome = format!("{CANCELLED}{}", stays(&document));
            document.paused = false;
            document.state_since_ms = transaction.now_ms();
            MissionState::Failed.name().clone_into(&mut mission.state);
            mission.document = document.to_text();
            let created_ms = mission.created_ms;
            transaction.put_mission(mission).map_err(image)?;
            pending::drop_all(&mut transaction, id).map_err(image)?;
            transaction.audit(&format!("mission {id} cancelled"));
            transaction
                .commit()
                .map_err(|error| commit_failure(&error))?;
            self.shared.journal.tell(Event::Mission(summary(
                id,
                MissionState::Failed,
                created_ms,
                &document,
            )));
        }
        self.shared.finish_waiting(id);
        Ok(())
    }

    fn set_paused(&self, id: MissionId, paused: bool) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            let mut transaction = self.shared.image.begin(Author::Person);
            let Some(mut mission) = transaction.mission(id).map_err(image)? else {
                return Err(internal(format!("mission {id} is gone")));
            };
            if state_of(&mission).has_ended() {
                return Err(ended(id, state_of(&mission)));
            }
            let mut document: Document = serde_json::from_str(&mission.document)
                .map_err(|error| internal(format!("mission {id} cannot be read: {error}")))?;
            // The record's tid is the installing one's no longer.
            if let Some(plan) = &mut document.plan {
                plan.note_tid(mission.tid);
            }
            document.paused = paused;
            mission.document = document.to_text();
            transaction.put_mission(mission).map_err(image)?;
            let what = if paused { "paused" } else { "resumed" };
            transaction.audit(&format!("mission {id} {what}"));
            match transaction.commit() {
                Ok(_) => return Ok(()),
                Err(error) if error.is_conflict() && tries < MAX_RETRIES => tries += 1,
                Err(error) => return Err(commit_failure(&error)),
            }
        }
    }

    /// How a mission of the system's own is queued; `None` for a person's.
    fn own_of(&self, id: MissionId) -> Option<Own> {
        let (_, document) = self.stored(id).ok()?;
        document.origin.as_ref().map(|_| Own {
            id,
            due_ms: document.due_ms,
        })
    }

    fn tell_wish(&self, report: &MissionReport, event: &str, text: &str) {
        let id = report.summary.id;
        self.shared.journal.record(
            LogLevel::Info,
            About {
                mission: Some(id),
                persona: None,
            },
            event,
            &format!("mission {id} {text}"),
            json!({"state": report.summary.state.name()}),
        );
        self.shared
            .journal
            .tell(Event::Mission(report.summary.clone()));
    }
}

fn refuse_ended(mission: &MissionReport) -> Result<(), Failure> {
    let (id, state) = (mission.summary.id, mission.summary.state);
    if state.has_ended() {
        return Err(ended(id, state));
    }
    Ok(())
}

fn ended(id: MissionId, state: MissionState) -> Failure {
    conflict(
        format!("mission {id} has ended already: {}", state.name()),
        format!("see it with `batos mission show {id}`"),
    )
}

fn conflict(message: String, hint: String) -> Failure {
    Failure {
        kind: FailureKind::Conflict,
        message,
        hint: Some(hint),
    }
}
