//! Words that are to be understood but not done: asked by front-ends, answered by the missions thread, which owns the
//! engine, between two steps of a mission.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::oneshot;

use super::engine_link::{EngineError, Wish};
use super::generate::{TOP_P, generate};
use super::journal::About;
use super::psm::{StepError, Worker};
use super::shared::Shared;
use super::talk::{Talk, scene};
use super::understand::summary_of;
use super::words::{Misunderstood, document_of, not_understood};
use crate::image::Read as _;
use crate::persona::{DraftError, Intent, Prompt, Role};
use crate::wire::engine::{Generated, Sampling};
use crate::wire::messages::{Failure, FailureKind, LogLevel, Understood};

/// Questions that wait; more are refused.
const MOST_WAITING: usize = 64;

type Answer = Result<Understood, Failure>;

struct Question {
    words: String,
    selected: Option<String>,
    /// Closed when nobody waits any more.
    answer: oneshot::Sender<Answer>,
}

#[derive(Default)]
pub struct Questions(Mutex<VecDeque<Question>>);

impl Questions {
    fn add(&self, question: Question) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|question| !question.answer.is_closed());
        let room = waiting.len() < MOST_WAITING;
        if room {
            waiting.push_back(question);
        }
        room
    }

    /// Whether somebody waits for an answer.
    pub fn are_waiting(&self) -> bool {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.iter().any(|question| !question.answer.is_closed())
    }

    fn take(&self) -> Option<Question> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.pop_front()
    }
}

/// What the translator understands by the words.
pub async fn understand(shared: &Arc<Shared>, words: String, selected: Option<String>) -> Answer {
    if shared.safe_mode {
        return Err(unavailable("the kernel is in safe mode: no model is asked"));
    }
    if words.trim().is_empty() {
        return Err(invalid("there are no words to understand".to_owned()));
    }
    let (sender, receiver) = oneshot::channel();
    let question = Question {
        words,
        selected,
        answer: sender,
    };
    if !shared.questions.add(question) {
        return Err(unavailable("too many questions wait for the translator"));
    }
    shared.wake();
    tokio::select! {
        answer = receiver => answer.unwrap_or_else(|_| Err(stopping())),
        () = super::server::stopped(shared) => Err(stopping()),
    }
}

impl Worker {
    /// Answers all that wait.
    pub(super) fn answer_questions(&mut self) {
        while !self.shared.is_stopping() {
            let Some(question) = self.shared.questions.take() else {
                return;
            };
            if question.answer.is_closed() {
                continue;
            }
            let answer = self
                .understand_only(&question)
                .map_err(|error| match error {
                    Misunderstood::Draft(error) => invalid(not_understood(&error)),
                    Misunderstood::Step(error) => failed(&error),
                });
            let _ = question.answer.send(answer);
        }
    }

    fn understand_only(&mut self, question: &Question) -> Result<Understood, Misunderstood> {
        let view = self.shared.image.view();
        let next = view.missions().map_err(StepError::from)?;
        let next = next.last().map_or(1, |mission| mission.id + 1);
        let said = Talk::before(&view, next).map_err(StepError::from)?.newest();
        let scene = scene(&view, question.selected.as_ref(), said).map_err(StepError::from)?;
        let greedy = Sampling {
            seed: 0,
            temperature: 0.0,
            top_p: TOP_P,
        };
        let shared = self.shared.clone();
        let wish = || {
            if shared.is_stopping() {
                Wish::Stop
            } else if question.answer.is_closed() {
                Wish::Cancel
            } else {
                Wish::GoOn
            }
        };
        let mut ask = |prompt: &Prompt| -> Result<Generated, StepError> {
            let model = shared.model_of(prompt.role).ok_or_else(|| {
                let name = prompt.role.name();
                StepError::Hopeless(format!("the profile gives {name} no model"))
            })?;
            let request = generate(prompt, model, vec![greedy.clone()]);
            let generated = self
                .link
                .generate(request, &wish, &mut |_| {})
                .inspect_err(|error| {
                    if !matches!(error, EngineError::Cancelled | EngineError::Stopping) {
                        self.link.trouble(error);
                    }
                })
                .map_err(StepError::from)?;
            shared.memory.spoke(prompt.role, &generated);
            Ok(generated)
        };
        let mut generated = Vec::new();
        let draft = document_of(&question.words, &scene, &mut |prompt| {
            let answer = ask(prompt)?;
            generated.push(answer.clone());
            Ok(answer)
        })?;
        let understood = Understood {
            summary: summary_of(&draft),
            changes: !matches!(draft.intent, Intent::Ask | Intent::Chat | Intent::Inspect),
            document_json: serde_json::to_string(&draft).map_err(DraftError::from)?,
            prompt_tokens: generated.iter().map(|one| one.prompt_tokens).sum(),
            reused_tokens: generated.iter().map(|one| one.reused_tokens).sum(),
            generated_tokens: generated
                .iter()
                .flat_map(|one| &one.candidates)
                .map(|candidate| candidate.tokens)
                .sum(),
            seconds: generated
                .iter()
                .map(|one| one.prompt_seconds + one.generation_seconds)
                .sum(),
        };
        self.shared.journal.record(
            LogLevel::Info,
            About {
                mission: None,
                persona: Some(Role::Translator.name()),
            },
            "words.understood",
            &understood.summary,
            json!({"words": question.words, "document": draft, "seconds": understood.seconds}),
        );
        Ok(understood)
    }
}

fn failed(error: &StepError) -> Failure {
    let hint = match error {
        StepError::Engine(EngineError::Stopping) => return stopping(),
        StepError::Engine(error) => error.hint(),
        _ => None,
    };
    Failure {
        kind: FailureKind::Internal,
        message: error.to_string(),
        hint,
    }
}

fn invalid(message: String) -> Failure {
    Failure {
        kind: FailureKind::Invalid,
        message,
        hint: None,
    }
}

fn unavailable(message: &str) -> Failure {
    Failure {
        kind: FailureKind::Unavailable,
        message: message.to_owned(),
        hint: Some("try again in a moment; `batos status` shows what runs".to_owned()),
    }
}

fn stopping() -> Failure {
    unavailable("the kernel is stopping")
}
