//! A mission that the system sets itself: what it is to do, and how it comes to be in the image.

use serde_json::{Value, json};

use super::super::document::{Document, Input, summary};
use super::super::fault::{Fault, FaultKind};
use super::super::journal::About;
use super::super::names::NamesOf;
use super::super::queue::Own;
use super::super::shared::{Shared, seed_of};
use super::{MendError, Origin, widen};
use crate::image::{Author, ImageError, MissionId, Read, Transaction, View};
use crate::method::Signature;
use crate::persona::{Attempt, Draft, Intent, fits_some_type, is_identifier, is_object_name};
use crate::wire::messages::{Event, LogLevel, MissionState};

/// What a mission is to do about a fault.
pub struct Task {
    /// For people.
    pub brief: String,
    pub draft: Draft,
    pub origin: Origin,
    /// The failing code as the first refused attempt.
    pub base: Option<Attempt>,
    /// Of the samples; by default that of the document and the transaction.
    pub seed: Option<u64>,
}

impl Task {
    /// `None` where there is nothing that a method could mend.
    pub(super) fn of(fault: &Fault, view: &View) -> Result<Option<Self>, ImageError> {
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
                seed: None,
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
            seed: None,
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
        source: None,
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

impl Shared {
    /// Stores and queues a mission of the system's own, with what `also` writes in the same transaction.
    pub fn set_task<T>(
        &self,
        task: &Task,
        pause_s: u32,
        (level, event): (LogLevel, &str),
        also: impl FnOnce(&mut Transaction, MissionId) -> Result<T, ImageError>,
    ) -> Result<(MissionId, T), MendError> {
        let mut transaction = self.image.begin(Author::Kernel);
        let now_ms = transaction.now_ms();
        let text = serde_json::to_string(&task.draft).unwrap_or_default();
        let input = Input::Document(text);
        let seed = task
            .seed
            .unwrap_or_else(|| seed_of(&input, transaction.tid()));
        let mut document = Document::new(input, task.brief.clone(), seed, now_ms);
        document.draft = Some(task.draft.clone());
        document.origin = Some(task.origin.clone());
        document.base.clone_from(&task.base);
        document.due_ms = now_ms + u64::from(pause_s) * 1000;
        let state = MissionState::Idle;
        let id = transaction.create_mission(now_ms, state.name(), document.to_text())?;
        let wrote = also(&mut transaction, id)?;
        transaction.audit(&format!("mission {id} set by the system: {}", task.brief));
        transaction.commit()?;
        self.journal.record(
            level,
            About {
                mission: Some(id),
                persona: None,
            },
            event,
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
        Ok((id, wrote))
    }
}
