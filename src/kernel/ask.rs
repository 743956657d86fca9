//! Asking a persona: from a prompt to the engine's request and back, with what it cost.

use serde_json::json;

use super::engine_link::{EngineError, Progress};
use super::generate::{TOP_P, generate};
use super::journal::About;
use super::memory::rate;
use super::psm::{Run, StepError, Worker};
use super::shared::seed_from;
use crate::persona::Prompt;
use crate::wire::engine::{Generate, Generated, Sampling};
use crate::wire::messages::{Event, LogLevel};

impl Worker {
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
        let reference = reference(&request);
        journal.record(
            LogLevel::Debug,
            about,
            "prompt",
            &format!("{} is asked to {}", prompt.role.name(), prompt.purpose),
            json!({"purpose": prompt.purpose, "reference": reference, "turns": request.turns.iter()
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
        self.account(run, prompt, &reference, &generated);
        Ok(generated)
    }

    fn account(&self, run: &mut Run, prompt: &Prompt, reference: &str, generated: &Generated) {
        let tokens: u32 = generated
            .candidates
            .iter()
            .map(|candidate| candidate.tokens)
            .sum();
        run.document.prompt_tokens += u64::from(generated.prompt_tokens);
        run.document.generated_tokens += u64::from(tokens);
        let seconds = generated.prompt_seconds + generated.generation_seconds;
        if let Some(told) = run.document.tell(prompt.purpose, "") {
            prompt.role.name().clone_into(&mut told.persona);
            reference.clone_into(&mut told.reference);
            told.prompt_tokens = generated.prompt_tokens;
            told.generated_tokens = tokens;
            told.seconds = seconds;
        }
        let rate = rate(tokens, generated.generation_seconds);
        self.shared.memory.spoke(prompt.role, generated);
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
            json!({"purpose": prompt.purpose, "reference": reference, "prompt_tokens": generated.prompt_tokens,
                   "reused_tokens": generated.reused_tokens, "generated_tokens": tokens,
                   "prompt_seconds": generated.prompt_seconds, "generation_seconds": generated.generation_seconds,
                   "candidates": generated.candidates.iter().map(|candidate| &candidate.text).collect::<Vec<_>>()}),
        );
    }
}

fn request_of(run: &Run, prompt: &Prompt, temperatures: &[f32], model: String) -> Generate {
    let samples = temperatures
        .iter()
        .enumerate()
        .map(|(index, temperature)| Sampling {
            seed: sample_seed(run.document.seed, run.document.round, prompt.purpose, index),
            temperature: *temperature,
            top_p: TOP_P,
        })
        .collect();
    generate(prompt, model, samples)
}

/// What the log's lines about a request are found by: the same for the same request.
fn reference(request: &Generate) -> String {
    let mut text = String::new();
    for turn in &request.turns {
        text.push_str(&turn.content);
        text.push('\n');
    }
    text.push_str(&request.prefix);
    for sample in &request.samples {
        text.push_str(&format!("/{}", sample.seed));
    }
    format!("{:016x}", seed_from(&text))
}

/// A seed for one sample, the same whenever the same step is repeated.
fn sample_seed(mission: u64, round: u32, purpose: &str, index: usize) -> u64 {
    seed_from(&format!("{mission}/{round}/{purpose}/{index}"))
}
