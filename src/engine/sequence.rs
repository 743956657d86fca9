//! One candidate: from logits to the next token, and from tokens to text that is certainly part of the answer.

use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;

use crate::engine::constraint::{ConstraintError, Grammar};
use crate::engine::sampling::Chooser;
use crate::engine::stop::StopWatch;
use crate::engine::utf8::Utf8;
use crate::wire::engine::{Candidate, Finish};

#[derive(Debug, thiserror::Error)]
pub enum SequenceError {
    #[error(transparent)]
    Constraint(#[from] ConstraintError),
    #[error("the model gave no number for any token")]
    NoToken,
}

pub struct Sequence {
    chooser: Chooser,
    grammar: Option<Grammar>,
    utf8: Utf8,
    stop: StopWatch,
    text: String,
    tokens: u32,
    finish: Option<Finish>,
}

impl Sequence {
    pub fn new(chooser: Chooser, stop: StopWatch, grammar: Option<Grammar>) -> Self {
        Self {
            chooser,
            grammar,
            utf8: Utf8::default(),
            stop,
            text: String::new(),
            tokens: 0,
            finish: None,
        }
    }

    pub fn is_finished(&self) -> bool {
        self.finish.is_some()
    }

    /// Tokens generated so far.
    pub fn tokens(&self) -> u32 {
        self.tokens
    }

    /// Chooses the next token. Returns the text that this completes, and the token to evaluate unless the
    /// candidate has ended. `masked` is room to work in.
    pub fn step(
        &mut self,
        vocab: &LlamaVocab<'_>,
        logits: &[f32],
        masked: &mut Vec<f32>,
        max_tokens: u32,
    ) -> Result<(String, Option<LlamaToken>), SequenceError> {
        let chosen = if let Some(grammar) = &mut self.grammar {
            grammar.apply(logits, masked)?;
            self.chooser.choose(masked)
        } else {
            self.chooser.choose(logits)
        };
        let chosen = chosen.and_then(|token| i32::try_from(token).ok());
        let token = LlamaToken(chosen.ok_or(SequenceError::NoToken)?);
        if vocab.is_eog(token) {
            return Ok((self.end(Finish::EndOfAnswer), None));
        }
        if let Some(grammar) = &mut self.grammar {
            grammar.try_accept(token.0.unsigned_abs())?;
        }
        self.tokens += 1;
        let piece = self.utf8.push(&vocab.token_to_piece(token, false, None));
        let watched = self.stop.feed(piece);
        let mut release = watched.release;
        self.text.push_str(&release);
        if watched.met {
            self.finish = Some(Finish::Stop);
        } else if self.grammar.as_ref().is_some_and(Grammar::is_complete) {
            release.push_str(&self.end(Finish::EndOfAnswer));
        } else if self.tokens >= max_tokens {
            release.push_str(&self.end(Finish::Length));
        } else {
            return Ok((release, Some(token)));
        }
        Ok((release, None))
    }

    /// Ends the candidate from outside. Returns the text that was still held back.
    pub fn end(&mut self, finish: Finish) -> String {
        if self.is_finished() {
            return String::new();
        }
        self.finish = Some(finish);
        let last = self.utf8.finish();
        let watched = self.stop.feed(last);
        let mut rest = watched.release;
        if !watched.met {
            rest.push_str(&self.stop.rest());
        }
        self.text.push_str(&rest);
        rest
    }

    /// What is reported of it.
    pub fn into_candidate(self) -> Candidate {
        Candidate {
            text: self.text,
            tokens: self.tokens,
            finish: self.finish.unwrap_or(Finish::Stopped),
        }
    }
}
