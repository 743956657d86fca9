//! Answers to what front-ends ask. Whatever touches the disk or the sandbox runs on a blocking thread.

use std::sync::Arc;

use serde_json::Value;

use super::document::{Document, report, state_of, summary};
use super::heal::pending;
use super::names::{NamesOf, oid_of};
use super::shared::{AcceptError, Shared};
use super::views;
use crate::image::{Author, CommitError, ImageError, Mission, MissionId, Read, Slot};
use crate::method::{Names, Type, value_from_json_with};
use crate::persona::{is_identifier, is_object_name};
use crate::wire::image::ImageRequest;
use crate::wire::knowledge::KnowledgeRequest;
use crate::wire::messages::{
    Failure, FailureKind, MissionReport, MissionSummary, ObjectView, Reply, Request, Snapshot,
};
use crate::wire::plan::Budget;
use crate::wire::upkeep::UpkeepRequest;

/// How many missions a snapshot shows.
const MISSIONS_SHOWN: usize = 200;

/// Answers one request.
#[derive(Clone)]
pub struct Answerer {
    pub shared: Arc<Shared>,
}

/// The one match over what may be asked.
pub async fn answer(answerer: Answerer, request: Request) -> Result<Reply, Failure> {
    match request {
        Request::WaitMission { id } => answerer.wait_mission(id).await,
        Request::WaitSend { mission, place } => answerer.wait_send(mission, place).await,
        Request::CancelMission { id } => {
            let cancelling = answerer.clone();
            blocking(move || cancelling.cancel(id)).await?;
            answerer.wait_mission(id).await
        }
        Request::Understand { words, selected } => {
            let understood = super::question::understand(&answerer.shared, words, selected);
            understood.await.map(Reply::Understood)
        }
        Request::Subscribe { log_entries } => answerer.snapshot(log_entries).await,
        other => blocking(move || answerer.at_once(other)).await,
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(internal(format!("the request ended in a fault: {error}"))))
}

impl Answerer {
    fn at_once(&self, request: Request) -> Result<Reply, Failure> {
        let shared = &self.shared;
        match request {
            Request::Status | Request::ReadOnly => Ok(Reply::Status(shared.status())),
            Request::StartMission(input) => {
                let id = shared
                    .accept(input)
                    .map_err(|error| accept_failure(&error))?;
                Ok(Reply::MissionStarted { id })
            }
            Request::ShowMission { id } => Ok(Reply::Mission(Box::new(self.mission(id)?))),
            Request::PauseMission { id } => Ok(Reply::Mission(Box::new(self.pause(id)?))),
            Request::ResumeMission { id } => Ok(Reply::Mission(Box::new(self.resume(id)?))),
            Request::ListMissions => Ok(Reply::Missions(self.missions(usize::MAX)?)),
            Request::Send {
                object,
                selector,
                args_json,
            } => self.send(&object, &selector, &args_json),
            Request::NewObject {
                name,
                parent,
                slots_json,
            } => self.new_object(&name, parent.as_deref(), &slots_json),
            Request::ListObjects => Ok(Reply::Objects(
                views::summaries(&shared.image.view()).map_err(image)?,
            )),
            Request::ShowObject { name } => Ok(Reply::Object(Box::new(self.object(&name)?))),
            Request::Memory => Ok(Reply::Memory(Box::new(shared.memory_view()))),
            Request::System => Ok(Reply::System(Box::new(shared.system_view()))),
            Request::Stop => Ok(Reply::Stopping),
            Request::Probe => Ok(Reply::Alive {
                tid: shared.image.probe().map_err(image)?,
            }),
            Request::Image(request) => {
                if !matches!(
                    request,
                    ImageRequest::History { .. }
                        | ImageRequest::Diff { .. }
                        | ImageRequest::At { .. }
                        | ImageRequest::Tags
                        | ImageRequest::Upkeep(
                            UpkeepRequest::Fsck
                                | UpkeepRequest::Verify { .. }
                                | UpkeepRequest::Backup { .. }
                                | UpkeepRequest::Export { .. }
                                | UpkeepRequest::Branch { .. }
                        )
                ) {
                    self.refuse_in_safe_mode()?;
                }
                let reply = super::history::answer(shared, request)?;
                Ok(Reply::Image(Box::new(reply)))
            }
            Request::Schema(request) => {
                self.refuse_in_safe_mode()?;
                super::schema::answer(shared, request).map(Reply::Schema)
            }
            Request::Knowledge(request) => {
                if matches!(
                    request,
                    KnowledgeRequest::Add { .. } | KnowledgeRequest::Remove { .. }
                ) {
                    self.refuse_in_safe_mode()?;
                }
                super::knowledge::answer(shared, request).map(Reply::Knowledge)
            }
            Request::WaitMission { .. }
            | Request::WaitSend { .. }
            | Request::Understand { .. }
            | Request::CancelMission { .. }
            | Request::Subscribe { .. } => Err(internal(
                "a request that waits cannot be answered at once".to_owned(),
            )),
        }
    }

    /// All that a front-end needs to draw.
    pub async fn snapshot(&self, log_entries: u32) -> Result<Reply, Failure> {
        let this = self.clone();
        blocking(move || {
            Ok(Reply::Snapshot(Box::new(Snapshot {
                status: this.shared.status(),
                missions: this.missions(MISSIONS_SHOWN)?,
                objects: views::summaries(&this.shared.image.view()).map_err(image)?,
                log: this.shared.journal.recent(log_entries.min(50_000) as usize),
                personas: this.shared.personas(),
            })))
        })
        .await
    }

    async fn wait_mission(&self, id: MissionId) -> Result<Reply, Failure> {
        let mut ends = self.shared.wait_for_ends();
        loop {
            let this = self.clone();
            let mission = blocking(move || this.mission(id)).await?;
            if mission.summary.state.has_ended() {
                return Ok(Reply::Mission(Box::new(mission)));
            }
            tokio::select! {
                changed = ends.changed() => if changed.is_err() {
                    return Err(stopping());
                },
                () = super::server::stopped(&self.shared) => return Err(stopping()),
            }
        }
    }

    async fn wait_send(&self, id: MissionId, place: u32) -> Result<Reply, Failure> {
        self.wait_mission(id).await?;
        let this = self.clone();
        blocking(move || {
            let (mission, document) = this.stored(id)?;
            let outcome = pending::outcome(id, state_of(&mission), &document, place);
            Ok(Reply::Sent(outcome))
        })
        .await
    }

    pub(super) fn mission(&self, id: MissionId) -> Result<MissionReport, Failure> {
        let (mission, document) = self.stored(id)?;
        let limits = &self.shared.settings.missions;
        let budget = Budget {
            attempts: limits.attempts,
            tokens: limits.tokens,
            seconds: limits.seconds,
        };
        let mut report = report(&mission, &document, budget);
        report.summary.pause = self.shared.pause_of(id, &document);
        report.judged = self.shared.journal.verdicts(id);
        Ok(report)
    }

    pub(super) fn stored(&self, id: MissionId) -> Result<(Mission, Document), Failure> {
        let mission = self
            .shared
            .image
            .view()
            .mission(id)
            .map_err(image)?
            .ok_or_else(|| Failure {
                kind: FailureKind::NotFound,
                message: format!("there is no mission {id}"),
                hint: Some("list them with `batos mission ls`".to_owned()),
            })?;
        let document = serde_json::from_str(&mission.document)
            .map_err(|error| internal(format!("mission {id} cannot be read: {error}")))?;
        Ok((mission, document))
    }

    fn missions(&self, limit: usize) -> Result<Vec<MissionSummary>, Failure> {
        let missions = self.shared.image.view().missions().map_err(image)?;
        Ok(missions
            .iter()
            .rev()
            .take(limit)
            .filter_map(|mission| {
                let document: Document = serde_json::from_str(&mission.document).ok()?;
                let state = state_of(mission);
                let mut summary = summary(mission.id, state, mission.created_ms, &document);
                summary.pause = self.shared.pause_of(mission.id, &document);
                Some(summary)
            })
            .collect())
    }

    /// In safe mode the image is only read.
    pub(super) fn refuse_in_safe_mode(&self) -> Result<(), Failure> {
        if self.shared.safe_mode {
            return Err(accept_failure(&AcceptError::SafeMode));
        }
        Ok(())
    }

    fn send(&self, object: &str, selector: &str, args_json: &str) -> Result<Reply, Failure> {
        self.refuse_in_safe_mode()?;
        let args: Vec<Value> = serde_json::from_str(args_json).map_err(|error| Failure {
            kind: FailureKind::Invalid,
            message: format!("the arguments `{args_json}` are not a JSON array: {error}"),
            hint: Some("write them as in `batos send Account deposit '[2.5]'`".to_owned()),
        })?;
        let sent = self.shared.send(object, selector, &args);
        sent.map(Reply::Sent).map_err(internal)
    }

    fn new_object(
        &self,
        name: &str,
        parent: Option<&str>,
        slots_json: &str,
    ) -> Result<Reply, Failure> {
        let invalid = |message: String, hint: &str| Failure {
            kind: FailureKind::Invalid,
            message,
            hint: Some(hint.to_owned()),
        };
        self.refuse_in_safe_mode()?;
        if !is_object_name(name) {
            return Err(invalid(
                format!("`{name}` is not a name for an object"),
                "use letters, digits and underscores, and neither a Rust keyword nor a name of the standard library",
            ));
        }
        let mut transaction = self.shared.image.begin(Author::Person);
        let parent = match parent {
            None => None,
            Some(parent) => Some(
                oid_of(&transaction, parent)
                    .map_err(image)?
                    .ok_or_else(|| unknown_object(parent))?,
            ),
        };
        let oid = transaction.create_object(name, parent).map_err(image)?;
        let slots = parse_slots(slots_json, &NamesOf(&transaction)).map_err(|message| {
            invalid(
                message,
                r#"write slots as in '{"balance": {"type": "f64", "value": 0.0}}'"#,
            )
        })?;
        for slot in slots {
            transaction.set_slot(oid, slot).map_err(image)?;
        }
        transaction.audit(&format!("object {name} made"));
        transaction
            .commit()
            .map_err(|error| commit_failure(&error))?;
        self.shared.tell_changed(&[name.to_owned()]);
        Ok(Reply::Object(Box::new(self.object(name)?)))
    }

    fn object(&self, name: &str) -> Result<ObjectView, Failure> {
        views::object_view(&self.shared.image.view(), name)
            .map_err(image)?
            .ok_or_else(|| unknown_object(name))
    }
}

fn parse_slots(text: &str, names: &dyn Names) -> Result<Vec<Slot>, String> {
    let map: serde_json::Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| format!("the slots are not a JSON object: {error}"))?;
    map.into_iter()
        .map(|(name, value)| {
            if !is_identifier(&name) {
                return Err(format!("`{name}` is not a name for a slot"));
            }
            let draft: crate::persona::SlotDraft =
                serde_json::from_value(value).map_err(|error| format!("slot `{name}`: {error}"))?;
            let ty =
                Type::parse(&draft.rust_type).map_err(|error| format!("slot `{name}`: {error}"))?;
            let value = value_from_json_with(&ty, &draft.value, names)
                .map_err(|error| format!("slot `{name}`: {error}"))?;
            Ok(Slot {
                name,
                rust_type: ty.to_string(),
                value,
            })
        })
        .collect()
}

pub(super) fn unknown_object(name: &str) -> Failure {
    Failure {
        kind: FailureKind::NotFound,
        message: format!("there is no object `{name}`"),
        hint: Some("list them with `batos object ls`".to_owned()),
    }
}

fn stopping() -> Failure {
    Failure {
        kind: FailureKind::Unavailable,
        message: "the kernel is stopping; the mission goes on when it runs again".to_owned(),
        hint: Some("start it with `batos up`".to_owned()),
    }
}

fn accept_failure(error: &AcceptError) -> Failure {
    let (kind, hint) = match error {
        AcceptError::Empty | AcceptError::Draft(_) => (
            FailureKind::Invalid,
            Some("docs/METHODS.md shows how a mission document looks"),
        ),
        AcceptError::UnknownSlot { .. } => (
            FailureKind::Invalid,
            Some("name a slot that the object has, or bring it under `slots`"),
        ),
        AcceptError::SlotType { .. } => (
            FailureKind::Conflict,
            Some("name the slot otherwise, or use the type that it has"),
        ),
        AcceptError::SafeMode => (
            FailureKind::Unavailable,
            Some("see the log with `batos tail`, then `batos down` and `batos up`"),
        ),
        AcceptError::Stopping => (FailureKind::Unavailable, Some("start it with `batos up`")),
        AcceptError::Image(_) => (FailureKind::Internal, None),
    };
    Failure {
        kind,
        message: error.to_string(),
        hint: hint.map(str::to_owned),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is the function that map_err takes"
)]
pub(super) fn image(error: ImageError) -> Failure {
    let kind = match &error {
        ImageError::NameTaken { .. } | ImageError::Referred { .. } => FailureKind::Conflict,
        _ => FailureKind::Internal,
    };
    Failure {
        kind,
        message: error.to_string(),
        hint: None,
    }
}

pub(super) fn commit_failure(error: &CommitError) -> Failure {
    Failure {
        kind: if error.is_conflict() {
            FailureKind::Conflict
        } else {
            FailureKind::Internal
        },
        message: error.to_string(),
        hint: error.hint().map(str::to_owned),
    }
}

pub(super) fn internal(message: String) -> Failure {
    Failure {
        kind: FailureKind::Internal,
        message,
        hint: None,
    }
}
