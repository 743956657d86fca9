//! Prompts that were read before and are wanted again.
//!
//! Personas take turns with one context, and each begins its prompts alike: with its role, rules and examples.
//! What the context holds of a prompt is copied to main memory before another persona's takes its place, and
//! copied back when a prompt comes that begins so. Only whole chunks are used again (see `answer`).

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::session::{LlamaStateSeqFlags, SeqState};
use llama_cpp_2::token::LlamaToken;

use crate::engine::load::CHUNK;

/// All copies of a context take no more main memory than this.
const BYTES: usize = 256 * 1024 * 1024;
/// Less than this is read again faster than it is worth.
const WORTH: usize = 4 * CHUNK;

#[derive(Default)]
pub struct Prompts {
    /// The one that was used last stands at the end.
    saved: Vec<Saved>,
}

struct Saved {
    tokens: Vec<LlamaToken>,
    state: SeqState,
}

/// How many tokens of a prompt need not be read when these are there: its last one always is.
pub fn reusable(prompt: &[LlamaToken], there: &[LlamaToken]) -> usize {
    let common = prompt.iter().zip(there).take_while(|(a, b)| a == b).count();
    common.min(prompt.len().saturating_sub(1)) / CHUNK * CHUNK
}

impl Prompts {
    /// Makes sequence 0, which holds the tokens of `kept`, begin as `prompt` does for as long as is known.
    /// What would be lost by that is saved first. Gives what the sequence then holds, of which only
    /// [`reusable`] tokens are the prompt's.
    pub fn recall(
        &mut self,
        context: &mut LlamaContext<'_>,
        kept: Vec<LlamaToken>,
        prompt: &[LlamaToken],
    ) -> Vec<LlamaToken> {
        let there = reusable(prompt, &kept);
        if kept.len() / CHUNK * CHUNK >= there + WORTH {
            self.save(context, &kept);
        }
        let best = self.saved.iter().enumerate();
        let best = best.map(|(at, saved)| (reusable(prompt, &saved.tokens), at));
        match best.max() {
            Some((reused, at)) if reused >= there + WORTH => self.restore(context, at),
            _ => kept,
        }
    }

    fn save(&mut self, context: &LlamaContext<'_>, kept: &[LlamaToken]) {
        // One that begins alike for the most part is of the same persona, and of an earlier time.
        self.saved.retain(|saved| {
            let shorter = saved.tokens.len().min(kept.len());
            reusable(kept, &saved.tokens) * 2 < shorter
        });
        let Ok(state) = context.state_seq_get(0, LlamaStateSeqFlags::empty()) else {
            return;
        };
        let mut room = BYTES.saturating_sub(state.byte_len());
        if room == 0 {
            return;
        }
        // The newest that there is room for.
        let fits = |saved: &&Saved| {
            let left = room.checked_sub(saved.state.byte_len());
            room = left.unwrap_or_default();
            left.is_some()
        };
        let stay = self.saved.iter().rev().take_while(fits).count();
        self.saved.drain(..self.saved.len() - stay);
        self.saved.push(Saved {
            tokens: kept.to_vec(),
            state,
        });
    }

    fn restore(&mut self, context: &mut LlamaContext<'_>, at: usize) -> Vec<LlamaToken> {
        let saved = self.saved.remove(at);
        context.clear_kv_cache();
        if context.state_seq_set(&saved.state, 0).is_err() {
            // What a part of it has left behind is unknown.
            context.clear_kv_cache();
            return Vec::new();
        }
        let tokens = saved.tokens.clone();
        self.saved.push(saved);
        tokens
    }
}
