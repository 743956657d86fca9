//! Two-cycle genesis: on an empty image the system has itself a display written.
//!
//! One mission that the system sets itself. In DECOMPOSING, the first cycle, the model says how it wants to be
//! displayed; what it said is a fact in the image and the mission's brief in one transaction. The rest, the second
//! cycle, is the ordinary way of a mission to teach, with exactly that brief. A person's missions go first; it begins
//! only when there is a model and a compiler, and a failed one is followed by another, at most three in all.

pub mod vitals;

use std::time::Duration;

use serde_json::json;

use super::document::{Document, state_of};
use super::engine_link::EngineError;
use super::fitting::{comment_lines, written_by};
use super::heal::{MendError, Origin, Task};
use super::journal::About;
use super::psm::{CANCELLED, Next, Run, StepError, Worker};
use super::shared::{Shared, now_ms, seed_from};
use super::teach::{draft_of, first_text, hopeless};
use crate::image::{ImageError, MissionId, Oid, Read, Transaction, View};
use crate::method::{Check, Type, default_value, value_to_json};
use crate::persona::{
    DESCRIBE, DISPLAY, DISPLAY_SIGNATURE, Draft, Intent, Role, SYSTEM, VITALS, changed_description,
    describe_display, read_description,
};
use crate::wire::messages::{LogLevel, MissionState};

/// The origin's kind of its missions.
pub const KIND: &str = "genesis";
/// The number of the system's object.
pub const SYSTEM_FACT: &str = "genesis/system";
/// What the first cycle came to.
const PROMPT_FACT: &str = "genesis/prompt";
/// One for each of its missions; the number follows.
const MISSION_FACTS: &str = "genesis/mission/";
/// Missions that it may take.
const MOST_MISSIONS: usize = 3;
/// How often ALFRED may try to describe.
const TEMPERATURES: [f32; 3] = [0.5, 0.8, 0.2];
/// How long it waits before it looks again for a model and a compiler.
const PATIENCE: Duration = Duration::from_secs(15);

/// Whether it is a mission of genesis.
pub fn is_genesis(document: &Document) -> bool {
    let origin = document.origin.as_ref();
    origin.is_some_and(|origin| origin.kind == KIND)
}

/// Whether the mission is to write the system's own display, whoever set it.
pub fn is_own_display(read: &impl Read, draft: &Draft) -> Result<bool, ImageError> {
    let named = draft.object.as_deref() == Some(SYSTEM)
        && draft.selector.as_deref() == Some(DISPLAY)
        && draft.intent == Intent::Teach;
    Ok(named
        && match read.oid_named(SYSTEM)? {
            None => true,
            Some(oid) => vitals::system_of(read)? == Some(oid),
        })
}

/// Remembers the system's object in the transaction that makes it.
pub fn name_system(transaction: &mut Transaction, oid: Oid) -> Result<(), ImageError> {
    transaction.set_fact(SYSTEM_FACT, &oid.to_string())
}

/// Whether the mission of that number is one of genesis.
pub fn is_genesis_mission(read: &impl Read, id: MissionId) -> Result<bool, ImageError> {
    Ok(read.fact(&mission_key(id))?.is_some())
}

fn mission_key(id: MissionId) -> String {
    format!("{MISSION_FACTS}{id:08}")
}

impl Shared {
    /// Opens the next mission of genesis, if one is due. Nothing else depends on it: what went wrong is only told.
    pub fn begin_genesis(&self) {
        if !self.settings.missions.genesis || self.safe_mode || self.is_stopping() {
            return;
        }
        if let Err(error) = self.open_genesis() {
            let text = format!("genesis could not begin: {error}");
            self.record_genesis(LogLevel::Error, None, "genesis.impossible", &text);
        }
    }

    fn open_genesis(&self) -> Result<(), MendError> {
        let view = self.image.view();
        let made = match Standing::of(&view)? {
            Standing::Due { made } => made,
            Standing::GivenUp { why } => {
                let text = format!(
                    "{MOST_MISSIONS} missions have not made a display ({why}); teach it yourself: `teach {SYSTEM} to {DISPLAY} itself`"
                );
                self.record_genesis(LogLevel::Warn, None, "genesis.given_up", &text);
                return Ok(());
            }
            Standing::Nothing => return Ok(()),
        };
        let pause = self.settings.missions.repair_pause_s;
        let pause_s = match made {
            0 => 0,
            1 => pause,
            _ => pause.saturating_mul(10),
        };
        let task = Task {
            brief: "genesis: describe how to display yourself, and write that".to_owned(),
            draft: Draft {
                intent: Intent::Teach,
                brief: DESCRIBE.to_owned(),
                object: Some(SYSTEM.to_owned()),
                selector: Some(DISPLAY.to_owned()),
                signature: Some(DISPLAY_SIGNATURE.to_owned()),
                slots: vitals::drafted(&view)?,
                checks: Vec::new(),
                source: None,
                args: None,
                parent: None,
            },
            origin: Origin {
                object: SYSTEM.to_owned(),
                selector: DISPLAY.to_owned(),
                kind: KIND.to_owned(),
                message: "there is no display yet".to_owned(),
                call: None,
                code: None,
                checks: Vec::new(),
                self_checked: true,
            },
            base: None,
            // Every image has a display of its own, though all begin alike.
            seed: Some(seed_from(&format!("{}:{made}:{KIND}", now_ms()))),
        };
        self.set_task(
            &task,
            pause_s,
            (LogLevel::Info, "genesis.accepted"),
            |transaction, id| transaction.set_fact(&mission_key(id), "set"),
        )?;
        Ok(())
    }

    fn record_genesis(&self, level: LogLevel, mission: Option<u64>, event: &str, text: &str) {
        let about = About {
            mission,
            persona: Some(Role::Alfred.name()),
        };
        self.journal.record(level, about, event, text, json!({}));
    }
}

/// Where genesis stands in an image.
enum Standing {
    /// Under way, done, not wanted, or the image is another's.
    Nothing,
    /// Another mission, after so many.
    Due { made: usize },
    /// All that there may be have failed, the last one for this.
    GivenUp { why: String },
}

impl Standing {
    fn of(view: &View) -> Result<Self, ImageError> {
        if view.tid() == 0 {
            return Ok(Self::Due { made: 0 });
        }
        let missions = view.facts(MISSION_FACTS)?;
        let Some((key, _)) = missions.last() else {
            return Ok(Self::Nothing);
        };
        let id = key.trim_start_matches(MISSION_FACTS).parse().unwrap_or(0);
        let Some(mission) = view.mission(id)? else {
            return Ok(Self::Nothing);
        };
        let why = serde_json::from_str::<Document>(&mission.document)
            .map_or_else(|error| error.to_string(), |document| document.outcome);
        let displayed = match view.oid_named(SYSTEM)? {
            Some(oid) => view.find_method(oid, DISPLAY)?.is_some(),
            None => false,
        };
        Ok(
            if state_of(&mission) != MissionState::Failed || why == CANCELLED || displayed {
                Self::Nothing
            } else if missions.len() < MOST_MISSIONS {
                Self::Due {
                    made: missions.len(),
                }
            } else {
                Self::GivenUp { why }
            },
        )
    }
}

impl Worker {
    /// The first cycle: how the system wants to be displayed, as a fact and as the brief of the second.
    pub(super) fn describe_itself(&mut self, run: &mut Run) -> Result<(), StepError> {
        let mut draft = draft_of(run)?;
        let prompt = describe_display();
        let mut description = None;
        for temperature in TEMPERATURES {
            let generated = self.ask(run, &prompt, &[temperature])?;
            description = read_description(first_text(&generated));
            if description.is_some() {
                break;
            }
        }
        draft.brief = description.ok_or_else(|| {
            StepError::Hopeless(format!(
                "the model did not say how to display the system ({DESCRIBE})"
            ))
        })?;
        draft.validate().map_err(hopeless)?;
        self.end_with(run, |ended, transaction| {
            transaction.set_fact(PROMPT_FACT, &draft.brief)?;
            ended.document.draft = Some(draft.clone());
            let lines = draft.brief.lines().count();
            let note = format!("{DESCRIBE}: {lines} lines");
            Ok(Next::new(MissionState::Delegating, note))
        })
    }

    pub(super) fn is_own_display(&self, draft: &Draft) -> Result<bool, StepError> {
        Ok(is_own_display(&self.shared.image.view(), draft)?)
    }

    /// Nothing is to be designed for the system's display: its signature and its slots are always the same. What a
    /// person says of a display that there is comes on top of what that one was to be.
    pub(super) fn fix_display(&self, draft: &mut Draft) -> Result<(), StepError> {
        let view = self.shared.image.view();
        draft.signature = Some(DISPLAY_SIGNATURE.to_owned());
        let Some(oid) = view.oid_named(SYSTEM)? else {
            draft.slots = vitals::drafted(&view)?;
            return Ok(());
        };
        draft.slots.clear();
        if let Some(method) = view.method(oid, DISPLAY)? {
            let before = written_by(&view, &method)
                .and_then(|document| document.draft)
                .map_or_else(|| comment_lines(&method.source), |draft| draft.brief);
            draft.brief = changed_description(&before, &draft.brief);
        }
        Ok(())
    }

    /// The display has to bear the system as it is, and one in which nothing has happened yet.
    pub(super) fn display_calls() -> Vec<Check> {
        let empty = VITALS.iter().filter_map(|vital| {
            let ty = Type::parse(vital.rust_type).ok()?;
            let value = value_to_json(&ty, &default_value(&ty)).ok()?;
            Some((vital.name.to_owned(), value))
        });
        let empty = Check {
            slots: empty.collect(),
            ..Check::default()
        };
        vec![Check::default(), empty]
    }

    /// The display that there is, when the system is to display itself otherwise.
    pub(super) fn present_display(&self, draft: &Draft) -> Result<Option<String>, StepError> {
        let view = self.shared.image.view();
        if !is_own_display(&view, draft)? {
            return Ok(None);
        }
        let method = self.method_so_far(SYSTEM, DISPLAY)?;
        Ok(method.map(|method| method.source))
    }

    /// Puts a mission of genesis back when it cannot begin yet.
    pub(super) fn puts_off(&mut self, run: &Run) -> bool {
        if run.state != MissionState::Idle || !self.shared.settings.missions.genesis {
            return false;
        }
        let Some(why) = self.lacks(run.id) else {
            self.genesis_waits = None;
            return false;
        };
        if !self.shared.is_stopping() && self.genesis_waits.as_ref() != Some(&why) {
            let text = format!("genesis waits: {why}");
            let id = Some(run.id);
            self.shared
                .record_genesis(LogLevel::Info, id, "genesis.waits", &text);
            self.genesis_waits = Some(why);
        }
        self.shared.put_down(run.id, PATIENCE);
        true
    }

    /// What is not there that it needs.
    fn lacks(&mut self, id: MissionId) -> Option<String> {
        if let Err(error) = self.shared.compiler() {
            return Some(error.to_string());
        }
        let shared = self.shared.clone();
        for role in [Role::Alfred, Role::Brick] {
            let Some(model) = self.shared.model_of(role) else {
                return Some(format!("the profile gives {} no model", role.name()));
            };
            match self.link.ensure(&model, &|| shared.wish(id)) {
                Ok(()) => {}
                // A person's mission came, or it was cancelled: the mission's own steps tell.
                Err(EngineError::Stopping | EngineError::Cancelled) => return None,
                Err(error) => return Some(error.to_string()),
            }
        }
        None
    }
}
