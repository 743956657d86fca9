//! The Prototypal State Machine: one mission at a time from IDLE to COMPLETE or FAILED.
//!
//! Every transition is one commit, made before anything of the next state begins. What a state does is
//! a function of the stored document and the image, so a killed kernel begins the state again and comes
//! to the same end; what a mission installs is committed together with its COMPLETE.

use std::sync::Arc;
use std::time::Instant;

use serde_json::json;

use super::document::{Document, Input, Stage, StoredDiagnostic, state_of, summary};
use super::engine_link::{EngineError, EngineLink, Progress, Wish};
use super::journal::About;
use super::shared::Shared;
use crate::image::{Author, CommitError, ImageError, Mission, MissionId, Read, Transaction};
use crate::persona::{Ending, Prompt, Role, Speaker};
use crate::wire::engine::{Constraint, Generate, Generated, Sampling, Stop, Turn};
use crate::wire::messages::{Event, LogLevel, MissionState};

/// How often the commit that ends a mission is tried again after a conflict.
const MAX_RETRIES: u32 = 16;

/// Works on missions until the kernel stops.
pub struct Worker {
    pub shared: Arc<Shared>,
    pub link: EngineLink,
}

/// A mission under way.
#[derive(Clone)]
pub struct Run {
    pub id: MissionId,
    pub created_ms: u64,
    pub state: MissionState,
    pub document: Document,
    /// When this kernel began the present state.
    began: Instant,
}

/// Where a state leads.
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
    /// The thread's body.
    pub fn run(mut self) {
        self.warm_up();
        while !self.shared.is_stopping() {
            match self.shared.take_next() {
                Some(id) => self.work(id),
                None => self.link.idle(),
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
            Ok(Some(mut run)) => self.drive(&mut run),
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
        let document = serde_json::from_str(&mission.document).map_err(|error| {
            StepError::Hopeless(format!("the stored mission cannot be read: {error}"))
        })?;
        Ok(Some(Run {
            id,
            created_ms: mission.created_ms,
            state,
            document,
            began: Instant::now(),
        }))
    }

    fn drive(&mut self, run: &mut Run) {
        while !run.state.has_ended() {
            let next = match self.shared.wish(run.id) {
                Wish::Stop => return,
                Wish::Cancel => Err(EngineError::Cancelled.into()),
                Wish::GoOn => self.step(run),
            };
            let next = match next {
                Ok(Some(next)) => next,
                // The state committed its own end.
                Ok(None) => continue,
                Err(StepError::Engine(EngineError::Stopping)) => return,
                Err(error) => failure(run, &error),
            };
            if let Err(error) = self.transition(run, next) {
                self.complain(run.id, &error);
                // Nothing more can be promised; the next kernel begins the state again.
                self.shared.fail();
                return;
            }
        }
    }

    fn step(&mut self, run: &mut Run) -> Result<Option<Next>, StepError> {
        match run.state {
            MissionState::Idle => self.understand(run).map(Some),
            MissionState::Decomposing => self.decompose(run).map(Some),
            MissionState::Delegating => self.delegate(run),
            MissionState::Synthesizing => self.synthesize(run).map(Some),
            MissionState::Validating => self.validate(run),
            MissionState::Complete | MissionState::Failed => Ok(None),
        }
    }

    /// Ends the mission in one transaction with what `write` puts into it; a lost race is run again.
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
                Ok(_) => {
                    *run = ended;
                    self.announce(run);
                    return Ok(());
                }
                Err(error) if error.is_conflict() && tries < MAX_RETRIES => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// One commit: the stage that ends, the state that begins.
    fn transition(&self, run: &mut Run, next: Next) -> Result<(), StepError> {
        let mut transaction = self.shared.image.begin(Author::Mission(run.id));
        Self::enter(run, next, &mut transaction)?;
        transaction.commit()?;
        self.announce(run);
        Ok(())
    }

    /// Writes the transition into a transaction that may hold more, such as an installed method.
    pub fn enter(
        run: &mut Run,
        next: Next,
        transaction: &mut Transaction,
    ) -> Result<(), ImageError> {
        let now_ms = transaction.now_ms();
        let seconds = run.began.elapsed().as_secs_f64();
        run.document.seconds += seconds;
        run.document.stages.push(Stage {
            state: run.state.name().to_owned(),
            persona: persona_of(run.state).name().to_owned(),
            started_ms: run.document.state_since_ms,
            seconds,
            note: next.note.clone(),
        });
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
        run.began = Instant::now();
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

    /// Asks a persona. `round` and the prompt's purpose decide the seeds, together with the mission's own.
    pub fn ask(
        &mut self,
        run: &mut Run,
        prompt: &Prompt,
        temperatures: &[f32],
    ) -> Result<Generated, StepError> {
        let model = self.shared.model_of(prompt.role).ok_or_else(|| {
            StepError::Hopeless(format!("the profile gives {} no model", prompt.role.name()))
        })?;
        let request = request_of(run, prompt, temperatures, model);
        let count = u32::try_from(temperatures.len()).unwrap_or(u32::MAX);
        let journal = self.shared.journal.clone();
        let about = About {
            mission: Some(run.id),
            persona: Some(prompt.role.name()),
        };
        journal.record(
            LogLevel::Debug,
            about,
            "prompt",
            &format!("{} is asked to {}", prompt.role.name(), prompt.purpose),
            json!({"purpose": prompt.purpose, "turns": request.turns.iter()
                .map(|turn| json!({"role": turn.role, "content": turn.content})).collect::<Vec<_>>(),
                "prefix": request.prefix, "samples": request.samples.iter()
                .map(|sample| json!({"seed": sample.seed, "temperature": sample.temperature})).collect::<Vec<_>>()}),
        );
        let started = Event::GenerationStarted {
            mission: run.id,
            persona: prompt.role.name().to_owned(),
            purpose: prompt.purpose.to_owned(),
            candidates: count,
        };
        let id = run.id;
        let shared = self.shared.clone();
        let shown = prompt.prefix.trim_start_matches("```rust\n").to_owned();
        let begin = || {
            journal.tell(started.clone());
            for candidate in (0..count).filter(|_| !shown.is_empty()) {
                journal.tell(Event::Token {
                    mission: id,
                    candidate,
                    text: shown.clone(),
                });
            }
        };
        begin();
        let mut progress = |progress: Progress<'_>| match progress {
            Progress::Prompt { done, total } => journal.tell(Event::PromptProgress {
                mission: id,
                done,
                total,
            }),
            Progress::Token { candidate, text } => journal.tell(Event::Token {
                mission: id,
                candidate,
                text: text.to_owned(),
            }),
            Progress::Restarted => begin(),
        };
        let generated = self
            .link
            .generate(request, &move || shared.wish(id), &mut progress)
            .inspect_err(|error| {
                if !matches!(error, EngineError::Cancelled | EngineError::Stopping) {
                    self.link.trouble(error);
                }
            })?;
        self.account(run, prompt, &generated);
        Ok(generated)
    }

    fn account(&self, run: &mut Run, prompt: &Prompt, generated: &Generated) {
        let tokens: u32 = generated
            .candidates
            .iter()
            .map(|candidate| candidate.tokens)
            .sum();
        run.document.prompt_tokens += u64::from(generated.prompt_tokens);
        run.document.generated_tokens += u64::from(tokens);
        let seconds = generated.prompt_seconds + generated.generation_seconds;
        let rate = if generated.generation_seconds > 0.0 {
            f64::from(tokens) / generated.generation_seconds
        } else {
            0.0
        };
        self.shared.journal.tell(Event::GenerationEnded {
            mission: run.id,
            prompt_tokens: generated.prompt_tokens,
            generated_tokens: tokens,
            seconds,
            tokens_per_second: rate,
        });
        self.shared.journal.record(
            LogLevel::Info,
            About {
                mission: Some(run.id),
                persona: Some(prompt.role.name()),
            },
            "answer",
            &format!(
                "{} read {} and wrote {tokens} tokens in {seconds:.1} s ({rate:.1}/s)",
                prompt.role.name(),
                generated.prompt_tokens - generated.reused_tokens.min(generated.prompt_tokens)
            ),
            json!({"purpose": prompt.purpose, "prompt_tokens": generated.prompt_tokens,
                   "reused_tokens": generated.reused_tokens, "generated_tokens": tokens,
                   "prompt_seconds": generated.prompt_seconds, "generation_seconds": generated.generation_seconds,
                   "candidates": generated.candidates.iter().map(|candidate| &candidate.text).collect::<Vec<_>>()}),
        );
    }
}

/// FAILED, with the reason where the person finds it.
fn failure(run: &mut Run, error: &StepError) -> Next {
    let text = match error {
        StepError::Engine(EngineError::Cancelled) => "cancelled by the person".to_owned(),
        other => other.to_string(),
    };
    let hint = match error {
        StepError::Engine(engine) => engine.hint(),
        StepError::Image(_) | StepError::Hopeless(_) => None,
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
    run.document.outcome = hint.map_or_else(|| text.clone(), |hint| format!("{text}; {hint}"));
    Next::new(MissionState::Failed, text)
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

fn request_of(run: &Run, prompt: &Prompt, temperatures: &[f32], model: String) -> Generate {
    let turns = prompt
        .turns
        .iter()
        .map(|(speaker, content)| Turn {
            role: match speaker {
                Speaker::System => "system",
                Speaker::Person => "user",
                Speaker::Persona => "assistant",
            }
            .to_owned(),
            content: content.clone(),
        })
        .collect();
    let samples = temperatures
        .iter()
        .enumerate()
        .map(|(index, temperature)| Sampling {
            seed: sample_seed(run.document.seed, run.document.round, prompt.purpose, index),
            temperature: *temperature,
            top_p: 0.95,
        })
        .collect();
    let (constraint, stop) = match &prompt.ending {
        Ending::Free => (Constraint::None, Stop::None),
        Ending::MethodBlock => (Constraint::None, Stop::RustBlock),
        Ending::Json(schema) => (Constraint::JsonSchema(schema.clone()), Stop::None),
    };
    Generate {
        id: 0,
        model,
        turns,
        prefix: prompt.prefix.clone(),
        constraint,
        samples,
        max_tokens: prompt.max_tokens,
        stop,
    }
}

/// A seed for one sample, the same whenever the same step is repeated.
fn sample_seed(mission: u64, round: u32, purpose: &str, index: usize) -> u64 {
    let hash = blake3::hash(format!("{mission}/{round}/{purpose}/{index}").as_bytes());
    let mut first = [0_u8; 8];
    for (to, from) in first.iter_mut().zip(hash.as_bytes()) {
        *to = *from;
    }
    u64::from_le_bytes(first)
}
