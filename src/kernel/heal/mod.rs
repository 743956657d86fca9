//! Self-repair: a fault of a send becomes a mission to mend it, at most three for one cause, with a pause between.
//!
//! A selector that nobody understands is written from the call; a method that traps is written anew so that it bears
//! the call, and still passes what it was proven by. What is counted are the missions in the image, so that a kill
//! forgets none. The send that met the fault waits for the mission and is sent again in the transaction that ends
//! it. A method that fails more often than the one before it is put back instead.

mod origin;
pub mod pending;
mod previous;
mod recheck;
mod widen;

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};

pub use origin::{Cause, Origin, Replaced};
pub use pending::{Pending, Sent};

use super::document::{Document, Input, state_of, summary};
use super::fault::{Fault, FaultKind};
use super::journal::About;
use super::names::{NamesOf, oid_of};
use super::psm::{Next, Run, StepError, Worker};
use super::queue::Own;
use super::send::{Courier, SendError};
use super::shared::{Shared, seed_of};
use crate::image::{Author, CommitError, ImageError, MissionId, Read, View};
use crate::method::{Check, Signature};
use crate::persona::{Attempt, Draft, Intent, fits_some_type, is_identifier, is_object_name};
use crate::wire::messages::{Event, LogLevel, MissionState, SendOutcome};

/// Missions that the system sets itself for one cause.
const MOST_MISSIONS: usize = 3;
/// How often a transaction is tried again that lost a race.
const MAX_RETRIES: u32 = 64;

/// Missions of the system's own by their cause; `None` until the first fault asks.
#[derive(Default)]
pub struct Causes(Option<BTreeMap<Cause, Vec<MissionId>>>);

/// Why nothing could be done about a fault.
#[derive(Debug, thiserror::Error)]
pub enum MendError {
    #[error(transparent)]
    Image(#[from] ImageError),
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// What was done about a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mending {
    /// This mission is to mend it; `place` is the send's among those that wait for it.
    Mission { id: MissionId, place: Option<u32> },
    /// The method before it is back: the send can be made again at once.
    PutBack,
    /// Nothing, and why, where that is not plain.
    Nothing(Option<String>),
}

impl Shared {
    /// A person's outermost send, and what is done when it meets a fault.
    pub fn send(
        &self,
        object: &str,
        selector: &str,
        args: &[Value],
    ) -> Result<SendOutcome, String> {
        let mut again = true;
        loop {
            let mut fault = None;
            let author = Author::Person;
            let result = self
                .courier
                .send(&author, object, selector, args, &mut fault);
            if let Err(SendError::Image(text)) = &result {
                return Err(text.clone());
            }
            let mut outcome = Courier::outcome(&result);
            let Some(fault) = fault else {
                if let Ok(delivery) = &result {
                    self.tell_changed(&delivery.changed);
                }
                return Ok(outcome);
            };
            let pending = result.is_err().then(|| Pending {
                object: object.to_owned(),
                selector: selector.to_owned(),
                args: args.to_vec(),
                from: None,
            });
            let mending = self.mend(&fault, pending.as_ref());
            if let Ok(delivery) = &result {
                self.tell_changed(&delivery.changed);
                return Ok(outcome);
            }
            match mending {
                Mending::PutBack if again => again = false,
                Mending::Mission { id, place } => {
                    outcome.mission = Some(id);
                    outcome.place = place;
                    return Ok(outcome);
                }
                Mending::Nothing(Some(why)) => {
                    outcome.error = outcome.error.map(|error| format!("{error}; {why}"));
                    return Ok(outcome);
                }
                Mending::PutBack | Mending::Nothing(None) => return Ok(outcome),
            }
        }
    }

    /// Does about a fault what can be done; `pending` is the send that met it. Durable on return.
    pub fn mend(&self, fault: &Fault, pending: Option<&Pending>) -> Mending {
        if !self.settings.missions.repair || self.safe_mode || self.is_stopping() {
            return Mending::Nothing(None);
        }
        let done = match self.put_previous_back(fault) {
            Ok(true) => Ok(Mending::PutBack),
            Ok(false) => self.open(fault, pending),
            Err(error) => Err(error),
        };
        done.unwrap_or_else(|error| {
            let text = format!("no mission could be opened for a fault: {error}");
            self.journal.record(
                LogLevel::Error,
                About::default(),
                "repair.impossible",
                &text,
                json!({"object": fault.object, "selector": fault.selector}),
            );
            Mending::Nothing(Some(text))
        })
    }

    /// The mission that is at work for this cause, or a new one.
    fn open(&self, fault: &Fault, pending: Option<&Pending>) -> Result<Mending, MendError> {
        let view = self.image.view();
        let Some(task) = Task::of(fault, &view)? else {
            return Ok(Mending::Nothing(None));
        };
        let mut causes = self.causes();
        let known = causes.of(&task.origin.cause(), &view)?.clone();
        let (mut made, mut open) = (0, None);
        let since = person_taught(&view, fault)?;
        for id in known.iter().copied().filter(|id| *id > since) {
            let Some(mission) = view.mission(id)? else {
                continue;
            };
            made += 1;
            if !state_of(&mission).has_ended() {
                open = Some(id);
            }
        }
        if let Some(id) = open
            && let Some(joined) = self.join(id, pending)?
        {
            return Ok(joined);
        }
        if made >= MOST_MISSIONS {
            return Ok(Mending::Nothing(Some(format!(
                "{made} missions have not mended that; teach the method yourself with `batos mission`"
            ))));
        }
        let pause = self.settings.missions.repair_pause_s;
        let pause_s = match made {
            0 => 0,
            1 => pause,
            _ => pause.saturating_mul(10),
        };
        let (id, place) = self.begin(&task, pending, pause_s)?;
        causes.note(task.origin.cause(), id);
        Ok(Mending::Mission { id, place })
    }

    /// Lets the send wait for a mission; `None` when that has ended meanwhile.
    fn join(&self, id: MissionId, pending: Option<&Pending>) -> Result<Option<Mending>, MendError> {
        let Some(pending) = pending else {
            return Ok(Some(Mending::Mission { id, place: None }));
        };
        let mut tries = 0;
        loop {
            let mut transaction = self.image.begin(Author::Kernel);
            let mission = transaction.mission(id)?;
            if mission.is_none_or(|mission| state_of(&mission).has_ended()) {
                return Ok(None);
            }
            let place = pending::add(&mut transaction, id, pending.clone())?;
            match transaction.commit() {
                Ok(_) => return Ok(Some(Mending::Mission { id, place })),
                Err(error) if error.is_conflict() && tries < MAX_RETRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn begin(
        &self,
        task: &Task,
        pending: Option<&Pending>,
        pause_s: u32,
    ) -> Result<(MissionId, Option<u32>), MendError> {
        let mut transaction = self.image.begin(Author::Kernel);
        let now_ms = transaction.now_ms();
        let text = serde_json::to_string(&task.draft).unwrap_or_default();
        let input = Input::Document(text);
        let seed = seed_of(&input, transaction.tid());
        let mut document = Document::new(input, task.brief.clone(), seed, now_ms);
        document.draft = Some(task.draft.clone());
        document.origin = Some(task.origin.clone());
        document.base.clone_from(&task.base);
        document.due_ms = now_ms + u64::from(pause_s) * 1000;
        let state = MissionState::Idle;
        let id = transaction.create_mission(now_ms, state.name(), document.to_text())?;
        let place = match pending {
            Some(pending) => pending::add(&mut transaction, id, pending.clone())?,
            None => None,
        };
        transaction.audit(&format!("mission {id} set by the system: {}", task.brief));
        transaction.commit()?;
        self.journal.record(
            LogLevel::Warn,
            About {
                mission: Some(id),
                persona: None,
            },
            "repair.accepted",
            &task.brief,
            json!({"seed": document.seed, "object": task.origin.object, "selector": task.origin.selector,
                   "kind": task.origin.kind, "pause_s": pause_s}),
        );
        self.journal
            .tell(Event::Mission(summary(id, state, now_ms, &document)));
        self.enqueue_own(Own {
            id,
            due_ms: document.due_ms,
        });
        Ok((id, place))
    }

    fn causes(&self) -> MutexGuard<'_, Causes> {
        self.causes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Causes {
    fn of(&mut self, cause: &Cause, view: &View) -> Result<&Vec<MissionId>, ImageError> {
        static NONE: Vec<MissionId> = Vec::new();
        if self.0.is_none() {
            let mut all: BTreeMap<Cause, Vec<MissionId>> = BTreeMap::new();
            for mission in view.missions()? {
                if let Some(origin) = origin_of(&mission.document) {
                    all.entry(origin.cause()).or_default().push(mission.id);
                }
            }
            self.0 = Some(all);
        }
        Ok(self
            .0
            .as_ref()
            .and_then(|all| all.get(cause))
            .unwrap_or(&NONE))
    }

    fn note(&mut self, cause: Cause, id: MissionId) {
        if let Some(all) = &mut self.0 {
            all.entry(cause).or_default().push(id);
        }
    }
}

fn origin_of(document: &str) -> Option<Origin> {
    #[derive(Deserialize)]
    struct Part {
        #[serde(default)]
        origin: Option<Origin>,
    }
    serde_json::from_str::<Part>(document).ok()?.origin
}

/// The mission of a person's that the failing method is from: what was set for the one before it counts no more.
fn person_taught(view: &View, fault: &Fault) -> Result<MissionId, ImageError> {
    let Some(id) = fault.method.as_deref().and_then(|method| method.mission) else {
        return Ok(0);
    };
    let mission = view.mission(id)?;
    Ok(mission
        .filter(|mission| origin_of(&mission.document).is_none())
        .map_or(0, |mission| mission.id))
}

/// What a mission is to do about a fault.
struct Task {
    /// For people.
    brief: String,
    draft: Draft,
    origin: Origin,
    /// The failing code as the first refused attempt.
    base: Option<Attempt>,
}

impl Task {
    /// `None` where there is nothing that a method could mend.
    fn of(fault: &Fault, view: &View) -> Result<Option<Self>, ImageError> {
        let Fault {
            owner, selector, ..
        } = fault;
        // A mission names its object, and a method its selector.
        if !is_object_name(owner) || !is_identifier(selector) {
            return Ok(None);
        }
        let names = NamesOf(view);
        let mut origin = Origin::of(fault);
        let Some(method) = fault.method.as_deref() else {
            if !fault.args.iter().all(|arg| fits_some_type(arg, &names)) {
                return Ok(None);
            }
            let brief = format!(
                "{}. First called as {}",
                spoken(selector),
                called(selector, &fault.args)
            );
            return Ok(Some(Self {
                brief: format!("write `{owner}.{selector}`, which was sent and is not understood"),
                draft: draft(owner, selector, brief, None),
                origin,
                base: None,
            }));
        };
        let Ok(signature) = Signature::parse(&method.signature) else {
            return Ok(None);
        };
        let signature = if fault.kind == FaultKind::Arguments {
            let Some(wide) = widen::widened(&signature, &fault.args, &names) else {
                return Ok(None);
            };
            wide
        } else {
            signature
        };
        if fault.kind == FaultKind::Checks {
            origin.call = None;
        }
        let problem = match fault.kind {
            FaultKind::Arguments => format!(
                "its signature is `{signature}` now, because {} was refused: {}",
                called(selector, &fault.args),
                fault.message
            ),
            FaultKind::Checks => fault.message.clone(),
            _ => {
                let call = called(selector, &fault.args);
                let state = serde_json::to_string(&fault.slots).unwrap_or_default();
                let state: String = state.chars().take(400).collect();
                format!("{call} with the fields {state} ended by {}", fault.message)
            }
        };
        Ok(Some(Self {
            brief: format!("mend `{owner}.{selector}`: {}", fault.message),
            draft: draft(
                owner,
                selector,
                told_before(view, fault)?.unwrap_or_else(|| format!("{}.", spoken(selector))),
                Some(signature.to_string()),
            ),
            origin,
            base: Some(Attempt {
                source: method.source.clone(),
                instruction: crate::persona::trap_instruction(&problem).map(str::to_owned),
                problems: vec![problem],
            }),
        }))
    }
}

fn draft(object: &str, selector: &str, brief: String, signature: Option<String>) -> Draft {
    Draft {
        intent: Intent::Teach,
        brief,
        object: Some(object.to_owned()),
        selector: Some(selector.to_owned()),
        signature,
        slots: serde_json::Map::new(),
        checks: Vec::new(),
        args: None,
        parent: None,
    }
}

/// What the mission that wrote the method was told.
fn told_before(view: &View, fault: &Fault) -> Result<Option<String>, ImageError> {
    let Some(id) = fault.method.as_deref().and_then(|method| method.mission) else {
        return Ok(None);
    };
    let mission = view.mission(id)?;
    let document =
        mission.and_then(|mission| serde_json::from_str::<Document>(&mission.document).ok());
    let told = document.and_then(|document| document.draft_that_wrote(&fault.selector).cloned());
    Ok(told.map(|draft| draft.brief))
}

/// `close_account` as "Close account".
fn spoken(selector: &str) -> String {
    let text = selector.replace('_', " ");
    let text = text.trim();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// `deposit(2.5, "rent")`, not too long.
fn called(selector: &str, args: &[Value]) -> String {
    let args: Vec<String> = args.iter().map(Value::to_string).collect();
    let args: String = args.join(", ").chars().take(400).collect();
    format!("{selector}({args})")
}

impl Worker {
    /// Ends a mission of the system's own for which there is nothing to mend any more.
    pub(super) fn is_mended(&self, run: &mut Run) -> Result<bool, StepError> {
        let Some(origin) = run.document.origin.clone() else {
            return Ok(false);
        };
        if meanwhile(&self.shared.image.view(), &origin)?.is_none() {
            return Ok(false);
        }
        let mut delivered = pending::Delivered::default();
        self.end_with(run, |ended, transaction| {
            let note = meanwhile(transaction, &origin)?;
            let (id, document) = (ended.id, &mut ended.document);
            delivered = pending::deliver(&self.shared.courier, transaction, id, document)?;
            let note = note.unwrap_or_else(|| "there is nothing to mend".to_owned());
            document.answer = Some(pending::with_sent(&note, document));
            Ok(Next::new(MissionState::Complete, note))
        })?;
        self.tell_delivered(&delivered);
        Ok(true)
    }
}

/// How the fault went away without this mission, if it did.
pub fn meanwhile(read: &impl Read, origin: &Origin) -> Result<Option<String>, ImageError> {
    let Origin {
        object, selector, ..
    } = origin;
    let Some(oid) = oid_of(read, object)? else {
        return Ok(None);
    };
    Ok(match (&origin.code, read.find_method(oid, selector)?) {
        (None, Some(_)) => Some(format!("{object} understands `{selector}` by now")),
        (Some(code), Some((owner, method))) if owner != oid || method.wasm.to_string() != *code => {
            Some(format!("`{object}.{selector}` is another method by now"))
        }
        (Some(_), None) => Some(format!("`{object}.{selector}` was removed")),
        (None, None) | (Some(_), Some(_)) => None,
    })
}

impl Origin {
    /// What the mission's method is proven by besides the checks that decide: that it bears the call.
    pub fn calls(&self) -> Vec<Check> {
        self.call.iter().cloned().collect()
    }
}
