//! Putting a method back: what was installed fails more often in life than what it replaced.

use serde_json::json;

use super::super::document::Document;
use super::super::fault::{Fault, FaultKind};
use super::super::journal::About;
use super::super::names::oid_of;
use super::super::schema::fits;
use super::super::shared::Shared;
use super::MendError;
use crate::image::{Author, ImageError, Method, Oid, Read};
use crate::wire::messages::LogLevel;

/// Failures from which on they are no chance.
const FEWEST_FAILURES: u64 = 3;
/// At least one call in so many has to fail.
const MOST_CALLS_A_FAILURE: u64 = 20;
const MAX_RETRIES: u32 = 16;

/// The method to put back, and why.
struct Previous {
    oid: Oid,
    method: Method,
    why: String,
    /// The mission that installed what fails.
    mission: u64,
}

impl Shared {
    /// Whether the method of the fault was put back to its previous version. Durable on return.
    pub(super) fn put_previous_back(&self, fault: &Fault) -> Result<bool, MendError> {
        let (FaultKind::Trap(_), Some(failing)) = (fault.kind, fault.method.as_deref()) else {
            return Ok(false);
        };
        let Some(previous) = self.previous(fault, failing)? else {
            return Ok(false);
        };
        let (owner, selector) = (&fault.owner, &fault.selector);
        let text = format!(
            "`{owner}.{selector}` is put back to the method before it: {}",
            previous.why
        );
        let mut tries = 0;
        loop {
            let mut transaction = self.image.begin(Author::Kernel);
            let now = transaction.method(previous.oid, selector)?;
            if now.is_none_or(|now| now.wasm != failing.wasm)
                || !fits(&transaction, previous.oid, &previous.method.slots)?
            {
                return Ok(false);
            }
            transaction.put_method(previous.oid, previous.method.clone())?;
            let key = format!("put back/{owner}.{selector}/{:08}", previous.mission);
            transaction.set_fact(&key, &previous.why)?;
            transaction.audit(&text);
            match transaction.commit() {
                Ok(_) => break,
                Err(error) if error.is_conflict() && tries < MAX_RETRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
        self.journal.record(
            LogLevel::Warn,
            About {
                mission: Some(previous.mission),
                persona: None,
            },
            "method.put_back",
            &text,
            json!({"object": owner, "selector": selector}),
        );
        self.tell_changed(std::slice::from_ref(owner));
        Ok(true)
    }

    /// What was there before the failing method, if that fails more often than it did.
    fn previous(&self, fault: &Fault, failing: &Method) -> Result<Option<Previous>, ImageError> {
        let view = self.image.view();
        let Some(oid) = oid_of(&view, &fault.owner)? else {
            return Ok(None);
        };
        // With the newest counts.
        let Some(now) = view
            .method(oid, &fault.selector)?
            .filter(|now| now.wasm == failing.wasm)
        else {
            return Ok(None);
        };
        let Some(mission) = (match now.mission {
            Some(id) => view.mission(id)?,
            None => None,
        }) else {
            return Ok(None);
        };
        let document = serde_json::from_str::<Document>(&mission.document).ok();
        let Some((before, tid)) =
            document.and_then(|document| document.replaced_by(&fault.selector, mission.tid))
        else {
            return Ok(None);
        };
        let rare = now.failures < FEWEST_FAILURES
            || now.calls > now.failures.saturating_mul(MOST_CALLS_A_FAILURE);
        // Twice as many of a hundred calls as before it.
        let as_before = now.failures.saturating_mul(before.calls)
            < before.failures.saturating_mul(now.calls).saturating_mul(2);
        if rare || as_before {
            return Ok(None);
        }
        // What was packed away cannot be put back.
        let Some(past) = tid.checked_sub(1).and_then(|tid| view.at(tid).ok()) else {
            return Ok(None);
        };
        let method = past.method(oid, &fault.selector)?;
        Ok(method
            .filter(|method| method.wasm != now.wasm)
            .map(|method| Previous {
                oid,
                why: format!(
                    "{} of {} calls failed since mission {}, and {} of {} before",
                    now.failures, now.calls, mission.id, before.failures, before.calls
                ),
                method,
                mission: mission.id,
            }))
    }
}
