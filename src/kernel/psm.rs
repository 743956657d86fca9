//! The Prototypal State Machine: one mission at a time from IDLE to COMPLETE or FAILED.
//!
//! Every transition is one commit, made before anything of the next state begins. What a state does is
//! a function of the stored document and the image, so a killed kernel begins the state again and comes
//! to the same end; what a mission installs is committed together with its COMPLETE.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::document::{Document, Input, Stage, StoredDiagnostic, state_of, summary};
use super::engine_link::{EngineError, EngineLink, Wish};
use super::genesis::is_genesis;
use super::heal::pending;
use super::journal::About;
use super::pause;
use super::planning::stays;
use super::shared::Shared;
use crate::image::{Author, CommitError, ImageError, Mission, MissionId, Read, Transaction};
use crate::persona::Role;
use crate::wire::messages::{Event, LogLevel, MissionState};

/// The outcome of a mission that a person cancelled.
pub const CANCELLED: &str = "cancelled by the person";
/// How often the commit that ends a mission is tried again after a conflict.
const MAX_RETRIES: u32 = 16;

/// Works on missions until the kernel stops.
pub struct Worker {
    pub shared: Arc<Shared>,
    pub link: EngineLink,
    /// Why genesis waits, as it was said last.
    pub genesis_waits: Option<String>,
}

/// A mission under way.
#[derive(Clone)]
pub struct Run {
    pub id: MissionId,
    pub created_ms: u64,
    pub state: MissionState,
    pub document: Document,
    /// When this kernel began the present state, or counted it last.
    began: Instant,
    /// Seconds of the present state that are counted.
    spent: f64,
}

impl Run {
    /// Counts the time since the last counting.
    pub fn spend(&mut self) {
        let seconds = self.began.elapsed().as_secs_f64();
        self.began = Instant::now();
        self.spent += seconds;
        self.document.seconds += seconds;
    }

    /// Whether answers are asked for only to compare them with one that is accepted.
    pub fn is_comparing(&self) -> bool {
        !self.document.passers.is_empty()
    }
}

/// Where a state leads.
#[derive(Clone)]
pub struct Next {
    pub state: MissionState,
    /// What happened, in a line.
    pub note: String,
}

impl Next {
    pub fn new(state: MissionState, note: impl Into<String>) -> Self {
        Self {
            state,
            note: note.into(),
        }
    }
}

/// Why a state could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("the image failed: {0}")]
    Image(String),
    /// The mission cannot succeed; the text says why and what to do.
    #[error("{0}")]
    Hopeless(String),
    /// What was judged is not what there is by now; judging it again may do.
    #[error("{0}")]
    Moved(String),
}

impl From<ImageError> for StepError {
    fn from(error: ImageError) -> Self {
        Self::Image(error.to_string())
    }
}

impl From<CommitError> for StepError {
    fn from(error: CommitError) -> Self {
        Self::Image(error.to_string())
    }
}

impl Worker {
    pub fn new(shared: Arc<Shared>, link: EngineLink) -> Self {
        Self {
            shared,
            link,
            genesis_waits: None,
        }
    }

    /// The thread's body.
    pub fn run(mut self) {
        self.warm_up();
        while !self.shared.is_stopping() {
            self.answer_questions();
            match self.shared.take_next() {
                Some(id) => self.work(id),
                None => self.link.idle(self.shared.until_due()),
            }
        }
        self.link.stop();
    }

    /// Loads the model that missions begin with, so that the first one need not wait for it.
    fn warm_up(&mut self) {
        if self.shared.safe_mode {
            return;
        }
        let shared = self.shared.clone();
        let wish = move || {
            if shared.is_stopping() {
                Wish::Stop
            } else {
                Wish::GoOn
            }
        };
        for role in [Role::Brick, Role::Translator] {
            let Some(model) = self.shared.model_of(role) else {
                continue;
            };
            match self.link.ensure(&model, &wish) {
                Ok(()) => {}
                Err(EngineError::Stopping) => return,
                Err(error) => {
                    self.link.trouble(&error);
                    return;
                }
            }
        }
    }

    fn work(&mut self, id: MissionId) {
        match self.load(id) {
            Ok(Some(mut run)) => {
                let of_genesis = is_genesis(&run.document);
                if of_genesis && self.puts_off(&run) {
                    return;
                }
                self.drive(&mut run);
                if !run.state.has_ended() && !self.shared.is_stopping() {
                    self.shared.put_down(id, Duration::ZERO);
                    return;
                }
                if of_genesis {
                    self.shared.begin_genesis();
                }
            }
            Ok(None) => {}
            Err(error) => {
                self.complain(id, &error);
                self.bury(id, &error);
            }
        }
        self.shared.finish(id);
    }

    /// A mission whose document cannot be read ends FAILED, so that nobody waits for it.
    fn bury(&self, id: MissionId, error: &StepError) {
        let mut transaction = self.shared.image.begin(Author::Kernel);
        let Ok(Some(mut mission)) = transaction.mission(id) else {
            return;
        };
        let mut document = Document::new(
            Input::Words(String::new()),
            String::new(),
            0,
            transaction.now_ms(),
        );
        document.outcome = error.to_string();
        MissionState::Failed.name().clone_into(&mut mission.state);
        mission.document = document.to_text();
        let _ = transaction
            .put_mission(mission)
            .and_then(|()| pending::drop_all(&mut transaction, id))
            .map(|()| transaction.commit());
    }

    fn load(&self, id: MissionId) -> Result<Option<Run>, StepError> {
        let Some(mission) = self.shared.image.view().mission(id)? else {
            return Ok(None);
        };
        let state = state_of(&mission);
        if state.has_ended() {
            return Ok(None);
        }
        let mut document: Document = serde_json::from_str(&mission.document).map_err(|error| {
            StepError::Hopeless(format!("the stored mission cannot be read: {error}"))
        })?;
        // Of a part whose transaction was the last before a kill.
        if let Some(plan) = &mut document.plan {
            plan.note_tid(mission.tid);
        }
        Ok(Some(Run {
            id,
            created_ms: mission.created_ms,
            state,
            document,
            began: Instant::now(),
            spent: 0.0,
        }))
    }

    fn drive(&mut self, run: &mut Run) {
        while !run.state.has_ended() {
            self.answer_questions();
            let next = match self.shared.wish(run.id) {
                Wish::Stop => return,
                Wish::Cancel => Err(EngineError::Cancelled.into()),
                Wish::GoOn if self.shared.is_paused(run.id) => return,
                Wish::GoOn => self.step(run),
            };
            let next = match next {
                Ok(Some(next)) => next,
                // The state committed its own end.
                Ok(None) => continue,
                Err(StepError::Engine(EngineError::Stopping)) => return,
                Err(error) => failure(run, &error),
            };
            if let Err(error) = self.transition(run, &next) {
                self.complain(run.id, &error);
                // Nothing more can be promised; the next kernel begins the state again.
                self.shared.fail();
                return;
            }
        }
    }

    fn step(&mut self, run: &mut Run) -> Result<Option<Next>, StepError> {
        if run.state == MissionState::Idle && self.is_mended(run)? {
            return Ok(None);
        }
        if is_genesis(&run.document) && !self.shared.settings.missions.genesis {
            let text = "genesis is turned off; `missions.genesis = true` turns it on";
            return Err(StepError::Hopeless(text.to_owned()));
        }
        match run.state {
            MissionState::Idle => self.understand(run).map(Some),
            MissionState::Decomposing if is_genesis(&run.document) => {
                self.describe_itself(run).map(|()| None)
            }
            MissionState::Decomposing => self.decompose(run).map(Some),
            MissionState::Delegating => self.delegate(run),
            MissionState::Synthesizing => self.synthesize(run).map(Some),
            MissionState::Validating => self.validate(run),
            MissionState::Complete | MissionState::Failed => Ok(None),
        }
    }

    /// Ends the state, mostly with the mission, in one transaction with what `write` puts into it; a lost race is run again.
    pub fn end_with(
        &self,
        run: &mut Run,
        mut write: impl FnMut(&mut Run, &mut Transaction) -> Result<Next, StepError>,
    ) -> Result<(), StepError> {
        let mut tries = 0;
        loop {
            let mut ended = run.clone();
            let mut transaction = self.shared.image.begin(Author::Mission(run.id));
            let next = write(&mut ended, &mut transaction)?;
            Self::enter(&mut ended, next, &mut transaction)?;
            match transaction.commit() {
                Ok(committed) => {
                    *run = ended;
                    if let Some(plan) = &mut run.document.plan {
                        plan.note_tid(committed);
                    }
                    self.announce(run);
                    return Ok(());
                }
                Err(error) if error.is_conflict() && tries < MAX_RETRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// One commit: the stage that ends, the state that begins.
    fn transition(&self, run: &mut Run, next: &Next) -> Result<(), StepError> {
        // A send that comes to wait for the mission may be in the way of its end.
        self.end_with(run, |_, _| Ok(next.clone()))
    }

    /// Writes the transition into a transaction that may hold more, such as an installed method.
    pub fn enter(
        run: &mut Run,
        next: Next,
        transaction: &mut Transaction,
    ) -> Result<(), ImageError> {
        let now_ms = transaction.now_ms();
        // The person may have paused it since this state began.
        let stored = transaction.mission(run.id)?;
        run.document.paused = !next.state.has_ended()
            && stored.is_some_and(|mission| pause::is_paused(&mission.document));
        run.spend();
        let seconds = std::mem::take(&mut run.spent);
        run.document.stages.push(Stage {
            state: run.state.name().to_owned(),
            persona: at_work(run).name().to_owned(),
            started_ms: run.document.state_since_ms,
            seconds,
            note: next.note.clone(),
        });
        if next.state == MissionState::Failed {
            pending::drop_all(transaction, run.id)?;
        }
        if next.state.has_ended() && run.document.outcome.is_empty() {
            run.document.outcome = next.note;
        }
        run.document.state_since_ms = now_ms;
        transaction.put_mission(Mission {
            id: run.id,
            state: next.state.name().to_owned(),
            created_ms: run.created_ms,
            document: run.document.to_text(),
            tid: 0,
        })?;
        transaction.audit(&format!(
            "mission {}: {} -> {}",
            run.id,
            run.state.name(),
            next.state.name()
        ));
        run.state = next.state;
        Ok(())
    }

    /// Tells of a transition that is durable.
    pub fn announce(&self, run: &Run) {
        let note = run
            .document
            .stages
            .last()
            .map_or("", |stage| stage.note.as_str());
        let level = if run.state == MissionState::Failed {
            LogLevel::Error
        } else {
            LogLevel::Info
        };
        self.shared.journal.record(
            level,
            About {
                mission: Some(run.id),
                persona: None,
            },
            "mission.state",
            &format!("{}: {note}", run.state.name()),
            json!({"state": run.state.name(), "round": run.document.round}),
        );
        self.shared.journal.tell(Event::Mission(summary(
            run.id,
            run.state,
            run.created_ms,
            &run.document,
        )));
    }

    fn complain(&self, id: MissionId, error: &StepError) {
        self.shared.journal.record(
            LogLevel::Error,
            About {
                mission: Some(id),
                persona: None,
            },
            "mission.stuck",
            &format!("mission {id} cannot go on: {error}"),
            json!({}),
        );
    }
}

/// FAILED, with the reason where the person finds it.
fn failure(run: &mut Run, error: &StepError) -> Next {
    let text = match error {
        StepError::Engine(EngineError::Cancelled) => CANCELLED.to_owned(),
        other => other.to_string(),
    };
    let hint = match error {
        StepError::Engine(engine) => engine.hint(),
        StepError::Image(_) | StepError::Hopeless(_) | StepError::Moved(_) => None,
    };
    if !matches!(error, StepError::Engine(EngineError::Cancelled)) {
        run.document.diagnostics.push(StoredDiagnostic {
            stage: "system".to_owned(),
            message: text.clone(),
            line: 0,
            column: 0,
            hint: hint.clone(),
        });
    }
    let text = match error {
        StepError::Hopeless(_) | StepError::Moved(_) if run.document.plan.is_some() => {
            return run.part_failed(&text);
        }
        _ => format!("{text}{}", stays(&run.document)),
    };
    run.document.outcome = hint.map_or_else(|| text.clone(), |hint| format!("{text}; {hint}"));
    Next::new(MissionState::Failed, text)
}

/// Who is at work on a mission: of genesis ALFRED says what it is to be.
fn at_work(run: &Run) -> Role {
    match run.state {
        MissionState::Decomposing if is_genesis(&run.document) => Role::Alfred,
        state => persona_of(state),
    }
}

/// Who is at work in a state.
pub const fn persona_of(state: MissionState) -> Role {
    match state {
        MissionState::Idle => Role::Translator,
        MissionState::Decomposing | MissionState::Synthesizing => Role::Brick,
        MissionState::Delegating => Role::Babs,
        MissionState::Validating | MissionState::Complete | MissionState::Failed => Role::Alfred,
    }
}
