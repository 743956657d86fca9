//! Answers one request: reads the prompt, then lets all candidates grow by one token a step.
//!
//! Sequence 0 of the context holds the prompt; candidate `n` is sequence `n + 1`, which shares the prompt's
//! cells. What earlier requests left of the same prompt is used again (see `prompts`), but only in whole chunks of the
//! prompt's fixed grid: each cell is then computed in the same batch whether it was there or not, and the
//! same request gives the same bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::token::LlamaToken;

use crate::engine::constraint::{ConstraintError, Grammars};
use crate::engine::load::CHUNK;
use crate::engine::note;
use crate::engine::outbox::Outbox;
use crate::engine::prompt::{SpecialTokens, tokenize};
use crate::engine::prompts::{Prompts, reusable};
use crate::engine::request::{MAX_CANDIDATES, Requests, Wishes};
use crate::engine::resident::Job;
use crate::engine::sampling::Chooser;
use crate::engine::sequence::{Sequence, SequenceError};
use crate::engine::stop::StopWatch;
use crate::engine::template::{ChatTemplate, TemplateError};
use crate::wire::engine::{Constraint, Finish, FromEngine, Generate, Generated};

#[derive(Debug, thiserror::Error)]
enum AnswerError {
    #[error("a generation needs 1 to {MAX_CANDIDATES} samples, and this one has {0}")]
    Samples(usize),
    #[error("a sample's temperature must be a number from 0 up and its top_p one from 0 to 1")]
    Sampling,
    #[error("a generation needs a max_tokens of at least 1")]
    MaxTokens,
    #[error(
        "the prompt has {prompt} tokens, and the context of {context} has no room for {candidates} answers to it"
    )]
    Overflow {
        prompt: usize,
        context: usize,
        candidates: usize,
    },
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    #[error("llama.cpp could not evaluate a batch of tokens: {0}")]
    Decode(String),
}

impl AnswerError {
    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Overflow {
                prompt, candidates, ..
            } => {
                return Some(format!(
                    "shorten the prompt, ask for fewer candidates, or load the model with a context of more than {} tokens",
                    prompt + candidates
                ));
            }
            Self::Template(_) => "the model may need another order of turns, or another GGUF file",
            Self::Constraint(_) => {
                "see llguidance's list of the JSON schema keywords that it knows"
            }
            Self::Decode(_) => "the engine's log has the details",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

/// The kernel has lost interest in the request.
struct Cancelled;

/// The one who speaks with a model: its context and all that is worked out once a model.
pub struct Speaker<'m> {
    model: &'m LlamaModel,
    context: LlamaContext<'m>,
    batch: LlamaBatch<'static>,
    template: ChatTemplate,
    specials: SpecialTokens,
    grammars: Option<Grammars>,
    /// The tokens that sequence 0 holds.
    kept: Vec<LlamaToken>,
    prompts: Prompts,
    masked: Vec<f32>,
    outbox: Outbox,
    requests: Arc<Requests>,
}

impl<'m> Speaker<'m> {
    pub fn new(
        model: &'m LlamaModel,
        context: LlamaContext<'m>,
        outbox: Outbox,
        requests: Arc<Requests>,
    ) -> Self {
        let vocab = model.vocab();
        let text = |token: LlamaToken| {
            let text = if token.0 < 0 { None } else { vocab.text(token) };
            text.map(|text| text.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let source = model.meta_val_str("tokenizer.chat_template").ok();
        let template = ChatTemplate::new(source, text(vocab.bos()), text(vocab.eos()));
        if let Some(warning) = template.fallback() {
            note(&format!("warning: {warning}"));
        }
        Self {
            model,
            context,
            batch: LlamaBatch::new(CHUNK, 1),
            template,
            specials: SpecialTokens::of(&vocab),
            grammars: None,
            kept: Vec::new(),
            prompts: Prompts::default(),
            masked: Vec::new(),
            outbox,
            requests,
        }
    }

    /// Sends everything that the request leads to, up to its one last message.
    pub fn answer(&mut self, job: &Job) {
        let id = job.request.id;
        let last = match self.generate(&job.request, &job.wishes) {
            Ok(Ok(generated)) => FromEngine::Done(Box::new(generated)),
            Ok(Err(Cancelled)) => FromEngine::Cancelled { id },
            Err(error) => {
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                FromEngine::Failed {
                    id: Some(id),
                    model: Some(job.request.model.clone()),
                    message: format!("{error}{}", cause.unwrap_or_default()),
                    hint: error.hint(),
                }
            }
        };
        self.release_candidates();
        self.requests.finish(id);
        self.outbox.send(&last);
    }

    fn generate(
        &mut self,
        request: &Generate,
        wishes: &Wishes,
    ) -> Result<Result<Generated, Cancelled>, AnswerError> {
        check(request)?;
        let pieces = self.template.render(&request.turns)?;
        let prompt = tokenize(
            &self.model.vocab(),
            &self.specials,
            &pieces,
            &request.prefix,
        );
        let context = self.context.n_ctx() as usize;
        if prompt.is_empty() || prompt.len() + request.samples.len() > context {
            return Err(AnswerError::Overflow {
                prompt: prompt.len(),
                context,
                candidates: request.samples.len(),
            });
        }
        let mut sequences = self.sequences(request)?;
        let started = Instant::now();
        let Some(reused) = self.read(request.id, wishes, &prompt)? else {
            return Ok(Err(Cancelled));
        };
        let prompt_time = started.elapsed();
        let started = Instant::now();
        if self
            .write(request, wishes, &mut sequences, prompt.len())?
            .is_none()
        {
            return Ok(Err(Cancelled));
        }
        Ok(Ok(report(
            request.id,
            sequences,
            (prompt.len(), reused),
            (prompt_time, started.elapsed()),
        )))
    }

    fn sequences(&mut self, request: &Generate) -> Result<Vec<Sequence>, AnswerError> {
        let grammar = match &request.constraint {
            Constraint::None => None,
            Constraint::JsonSchema(schema) => {
                let prefix = self
                    .model
                    .vocab()
                    .tokenize(request.prefix.as_bytes(), false, false);
                let prefix: Vec<u32> = prefix.iter().map(|token| token.0.unsigned_abs()).collect();
                let grammars = match self.grammars.take() {
                    Some(grammars) => grammars,
                    None => Grammars::of(self.model)?,
                };
                let grammar = grammars.json(schema, &prefix);
                self.grammars = Some(grammars);
                Some(grammar?)
            }
        };
        let end_text = self.template.end_text();
        let sequence = |sampling| {
            let stop = StopWatch::new(&request.stop, &request.prefix, end_text);
            Sequence::new(Chooser::new(sampling), stop, grammar.clone())
        };
        Ok(request.samples.iter().map(sequence).collect())
    }

    /// Evaluates the prompt into sequence 0. Returns how many of its tokens were there already, or `None` when
    /// it was cancelled. The last token's logits are then the batch's last row.
    fn read(
        &mut self,
        id: u64,
        wishes: &Wishes,
        prompt: &[LlamaToken],
    ) -> Result<Option<usize>, AnswerError> {
        let kept = std::mem::take(&mut self.kept);
        self.kept = self.prompts.recall(&mut self.context, kept, prompt);
        let mut reused = reusable(prompt, &self.kept);
        let from = u32::try_from(reused).unwrap_or(0);
        if !matches!(
            self.context.clear_kv_cache_seq(Some(0), Some(from), None),
            Ok(true)
        ) {
            // Recurrent models cannot forget a part.
            self.context.clear_kv_cache();
            reused = 0;
        }
        self.kept.truncate(reused);
        let total = u32::try_from(prompt.len()).unwrap_or(u32::MAX);
        let new = prompt.get(reused..).unwrap_or_default();
        for chunk in new.chunks(CHUNK) {
            if self.is_unwanted(wishes) {
                return Ok(None);
            }
            self.batch.clear();
            let start = self.kept.len();
            for (offset, token) in chunk.iter().enumerate() {
                let last = start + offset + 1 == prompt.len();
                self.add(*token, start + offset, 0, last)?;
            }
            self.decode()?;
            self.kept.extend_from_slice(chunk);
            let done = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
            self.outbox
                .send(&FromEngine::PromptProgress { id, done, total });
        }
        Ok(Some(reused))
    }

    /// Generates until every candidate has ended; `None` when it was cancelled.
    fn write(
        &mut self,
        request: &Generate,
        wishes: &Wishes,
        sequences: &mut [Sequence],
        prompt: usize,
    ) -> Result<Option<()>, AnswerError> {
        for number in 1..=sequences.len() {
            let copied = self
                .context
                .copy_kv_cache_seq(0, sequence_number(number), None, None);
            copied.map_err(|error| AnswerError::Decode(error.to_string()))?;
        }
        // Where each candidate's logits are: at first all read the prompt's last row.
        let mut rows = vec![self.batch.n_tokens() - 1; sequences.len()];
        loop {
            if self.is_unwanted(wishes) {
                return Ok(None);
            }
            self.batch.clear();
            for (number, (sequence, row)) in sequences.iter_mut().zip(&mut rows).enumerate() {
                if sequence.is_finished() {
                    continue;
                }
                let at = prompt + sequence.tokens() as usize;
                let (text, token) = if wishes.is_stopped(number) {
                    (sequence.end(Finish::Stopped), None)
                } else {
                    let logits = self.context.get_logits_ith(*row);
                    let vocab = self.model.vocab();
                    sequence.step(&vocab, logits, &mut self.masked, request.max_tokens)?
                };
                self.emit(request.id, number, text);
                match token {
                    Some(token) => {
                        *row = self.batch.n_tokens();
                        self.add(token, at, number + 1, true)?;
                    }
                    None => self.forget(number + 1),
                }
            }
            if self.batch.n_tokens() == 0 {
                return Ok(Some(()));
            }
            let live = sequences.iter().filter(|sequence| !sequence.is_finished());
            let cells: usize = prompt
                + live
                    .map(|sequence| sequence.tokens() as usize)
                    .sum::<usize>();
            if cells > self.context.n_ctx() as usize {
                for (number, sequence) in sequences.iter_mut().enumerate() {
                    let text = sequence.end(Finish::Length);
                    self.emit(request.id, number, text);
                }
                return Ok(Some(()));
            }
            self.decode()?;
        }
    }

    fn emit(&self, id: u64, candidate: usize, text: String) {
        if !text.is_empty() {
            let candidate = u32::try_from(candidate).unwrap_or(u32::MAX);
            self.outbox.send(&FromEngine::Token {
                id,
                candidate,
                text,
            });
        }
    }

    fn add(
        &mut self,
        token: LlamaToken,
        at: usize,
        sequence: usize,
        logits: bool,
    ) -> Result<(), AnswerError> {
        let at = i32::try_from(at).unwrap_or(i32::MAX);
        let added = self
            .batch
            .add(token, at, &[sequence_number(sequence)], logits);
        added.map_err(|error| AnswerError::Decode(error.to_string()))
    }

    fn decode(&mut self) -> Result<(), AnswerError> {
        self.context.decode(&mut self.batch).map_err(|error| {
            // What the failed batch has left behind is unknown.
            self.context.clear_kv_cache();
            self.kept.clear();
            AnswerError::Decode(error.to_string())
        })
    }

    fn forget(&mut self, sequence: usize) {
        // Removing a whole sequence cannot fail.
        let _ = self
            .context
            .clear_kv_cache_seq(u32::try_from(sequence).ok(), None, None);
    }

    fn release_candidates(&mut self) {
        for number in 1..=MAX_CANDIDATES {
            self.forget(number);
        }
    }

    fn is_unwanted(&self, wishes: &Wishes) -> bool {
        wishes.is_cancelled() || self.requests.is_ending() || self.outbox.is_closed()
    }
}

fn sequence_number(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn check(request: &Generate) -> Result<(), AnswerError> {
    let samples = request.samples.len();
    if !(1..=MAX_CANDIDATES).contains(&samples) {
        return Err(AnswerError::Samples(samples));
    }
    if request.max_tokens == 0 {
        return Err(AnswerError::MaxTokens);
    }
    let sound = |sample: &crate::wire::engine::Sampling| {
        sample.temperature.is_finite()
            && sample.temperature >= 0.0
            && (0.0..=1.0).contains(&sample.top_p)
    };
    if request.samples.iter().all(sound) {
        Ok(())
    } else {
        Err(AnswerError::Sampling)
    }
}

fn report(
    id: u64,
    sequences: Vec<Sequence>,
    (prompt, reused): (usize, usize),
    (reading, writing): (Duration, Duration),
) -> Generated {
    let count = |tokens: usize| u32::try_from(tokens).unwrap_or(u32::MAX);
    Generated {
        id,
        candidates: sequences
            .into_iter()
            .map(Sequence::into_candidate)
            .collect(),
        prompt_tokens: count(prompt),
        reused_tokens: count(reused),
        prompt_seconds: reading.as_secs_f64(),
        generation_seconds: writing.as_secs_f64(),
    }
}
