//! The slots of the system's object that the kernel fills: counts and lists of what the image holds.
//!
//! They are a function of one state of the image, so that they cost no commit, are the same for every call in a
//! transaction, and say of a past state what was so then. What a method writes into them is not seen again.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::SYSTEM_FACT;
use crate::image::{ImageError, Mission, Oid, Read, Slot, Tid, View};
use crate::kernel::document::state_of;
use crate::method::{Packed, Type, value_from_json};
use crate::persona::VITALS;
use crate::wire::messages::MissionState;

/// Missions whose time is told, and those that are named.
const TIMED: usize = 24;
const NAMED: usize = 6;
/// Letters of what a mission was about.
const MOST_LETTERS: usize = 48;

/// What the slots hold in one state of the image.
#[derive(Debug)]
pub struct Vitals {
    system: Oid,
    slots: Vec<(&'static str, &'static str, Packed)>,
}

impl Vitals {
    /// `None` where the image has no system's object.
    pub fn of(read: &impl Read) -> Result<Option<Self>, ImageError> {
        let Some(system) = system_of(read)? else {
            return Ok(None);
        };
        let now = values(read)?;
        let slots = VITALS.iter().filter_map(|vital| {
            let ty = Type::parse(vital.rust_type).ok()?;
            let value = value_from_json(&ty, now.get(vital.name)?).ok()?;
            Some((vital.name, vital.rust_type, value))
        });
        Ok(Some(Self {
            system,
            slots: slots.collect(),
        }))
    }

    /// The slot as it is now; as it is stored, where the kernel does not fill it.
    pub fn fill(&self, owner: Oid, mut slot: Slot) -> Slot {
        let known = self.slots.iter().find(|(name, rust_type, _)| {
            owner == self.system && slot.name == *name && slot.rust_type == *rust_type
        });
        if let Some((_, _, value)) = known {
            slot.value.clone_from(value);
        }
        slot
    }
}

/// Whether a slot of that name may be one that the kernel fills.
pub fn is_vital(name: &str) -> bool {
    VITALS.iter().any(|vital| vital.name == name)
}

/// The system's object, once there is one.
pub fn system_of(read: &impl Read) -> Result<Option<Oid>, ImageError> {
    Ok(read.fact(SYSTEM_FACT)?.and_then(|oid| oid.parse().ok()))
}

/// The slots with what they hold now, as a mission brings them along.
pub fn drafted(read: &impl Read) -> Result<Map<String, Value>, ImageError> {
    let now = values(read)?;
    let slots = VITALS.iter().map(|vital| {
        let value = now.get(vital.name).cloned().unwrap_or_default();
        let slot = json!({"type": vital.rust_type, "value": value});
        (vital.name.to_owned(), slot)
    });
    Ok(slots.collect())
}

fn values(read: &impl Read) -> Result<Map<String, Value>, ImageError> {
    let missions = read.missions()?;
    let heads = read.heads()?;
    let mut methods = 0;
    for head in &heads {
        methods += read.methods(head.oid)?.len();
    }
    let count = |state: MissionState| missions.iter().filter(|one| state_of(one) == state).count();
    let ended = missions
        .iter()
        .rev()
        .filter(|one| state_of(one).has_ended());
    let mut seconds: Vec<f64> = ended.take(TIMED).filter_map(seconds_of).collect();
    seconds.reverse();
    let newest = missions.iter().rev().take(NAMED);
    let named: Vec<(String, &str)> = newest
        .map(|mission| (subject_of(mission), state_of(mission).name()))
        .collect();
    let now = json!({
        "objects": heads.len(),
        "methods": methods,
        "transactions": read.tid(),
        "missions": missions.len(),
        "missions_complete": count(MissionState::Complete),
        "missions_failed": count(MissionState::Failed),
        "mission_seconds": seconds,
        "recent_missions": named,
    });
    Ok(match now {
        Value::Object(map) => map,
        _ => Map::new(),
    })
}

fn seconds_of(mission: &Mission) -> Option<f64> {
    #[derive(Deserialize)]
    struct Part {
        seconds: f64,
    }
    let part: Part = serde_json::from_str(&mission.document).ok()?;
    Some((part.seconds * 10.0).round() / 10.0)
}

/// `Account.deposit`, else how its words begin.
fn subject_of(mission: &Mission) -> String {
    #[derive(Deserialize)]
    struct Part {
        brief: String,
        draft: Option<Subject>,
    }
    #[derive(Deserialize)]
    struct Subject {
        object: Option<String>,
        selector: Option<String>,
    }
    let Ok(part) = serde_json::from_str::<Part>(&mission.document) else {
        return String::new();
    };
    match part.draft {
        Some(Subject {
            object: Some(object),
            selector: Some(selector),
        }) => format!("{object}.{selector}"),
        _ => part.brief.chars().take(MOST_LETTERS).collect(),
    }
}

/// The newest state's, kept so that looking at the system each second costs nothing while nothing happens.
#[derive(Debug, Clone, Default)]
pub struct VitalsCache(Arc<Mutex<Option<Kept>>>);

/// What there was, if anything, after that transaction.
type Kept = (Tid, Option<Arc<Vitals>>);

impl VitalsCache {
    pub fn of(&self, view: &View) -> Result<Option<Arc<Vitals>>, ImageError> {
        let tid = view.tid();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, vitals)) = kept.as_ref()
            && *at == tid
        {
            return Ok(vitals.clone());
        }
        let vitals = Vitals::of(view)?.map(Arc::new);
        *kept = Some((tid, vitals.clone()));
        Ok(vitals)
    }
}
