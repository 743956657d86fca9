//! What the personas are writing: the last generations with the text of their candidates.

use std::collections::VecDeque;

use super::Scroll;
use crate::tui::clean::Cleaner;
use crate::tui::document::Code;
use crate::tui::theme::Role;

const MAX_GENERATIONS: usize = 16;
const MAX_CANDIDATES: u32 = 16;
/// Of one candidate; the start is dropped beyond it.
const MAX_TEXT_BYTES: usize = 32 * 1024;
/// Longer text is shown without colours.
const MAX_HIGHLIGHT_BYTES: usize = 12 * 1024;

/// How a candidate fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Open,
    Accepted,
    Refused,
}

#[derive(Debug, Clone)]
pub struct Candidate {
    text: String,
    cleaner: Cleaner,
    pub code: Code,
    pub tokens: u64,
    pub fate: Fate,
}

#[derive(Debug, Clone)]
pub struct Ended {
    pub prompt_tokens: u32,
    pub generated_tokens: u32,
    pub seconds: f64,
    pub tokens_per_second: f64,
}

/// One request to a persona.
#[derive(Debug, Clone)]
pub struct Generation {
    pub mission: u64,
    pub persona: String,
    pub purpose: String,
    pub candidates: Vec<Candidate>,
    /// Prompt tokens read, of how many.
    pub prompt: Option<(u32, u32)>,
    pub first_token_ms: Option<u64>,
    pub last_token_ms: u64,
    pub ended: Option<Ended>,
}

impl Generation {
    fn writes_code(&self) -> bool {
        matches!(self.purpose.as_str(), "synthesize" | "repair")
    }

    pub fn tokens(&self) -> u64 {
        self.candidates
            .iter()
            .map(|candidate| candidate.tokens)
            .sum()
    }

    /// Tokens a second: measured by the engine once it has ended, else as they came in.
    pub fn rate(&self) -> Option<f64> {
        if let Some(ended) = &self.ended {
            return (ended.tokens_per_second > 0.0).then_some(ended.tokens_per_second);
        }
        let milliseconds = self.last_token_ms.checked_sub(self.first_token_ms?)?;
        let tokens = u32::try_from(self.tokens()).unwrap_or(u32::MAX);
        let milliseconds = u32::try_from(milliseconds).unwrap_or(u32::MAX);
        (milliseconds >= 500).then(|| f64::from(tokens) * 1000.0 / f64::from(milliseconds))
    }
}

#[derive(Debug, Clone)]
pub struct Stream {
    generations: VecDeque<Generation>,
    /// The candidate that is shown.
    pub shown: usize,
    pub scroll: Scroll,
}

impl Default for Stream {
    fn default() -> Self {
        Self {
            generations: VecDeque::new(),
            shown: 0,
            scroll: Scroll::FOLLOW,
        }
    }
}

impl Stream {
    /// Oldest first.
    pub fn generations(&self) -> impl ExactSizeIterator<Item = &Generation> {
        self.generations.iter()
    }

    pub fn newest(&self) -> Option<&Generation> {
        self.generations.back()
    }

    pub fn start(&mut self, mission: u64, persona: String, purpose: String, candidates: u32) {
        let candidate = Candidate {
            text: String::new(),
            cleaner: Cleaner::default(),
            code: Code::default(),
            tokens: 0,
            fate: Fate::Open,
        };
        self.generations.push_back(Generation {
            mission,
            persona,
            purpose,
            candidates: vec![candidate; candidates.clamp(1, MAX_CANDIDATES) as usize],
            prompt: None,
            first_token_ms: None,
            last_token_ms: 0,
            ended: None,
        });
        if self.generations.len() > MAX_GENERATIONS {
            self.generations.pop_front();
        }
        self.shown = 0;
    }

    fn open(&mut self, mission: u64) -> Option<&mut Generation> {
        let newest = self
            .generations
            .iter_mut()
            .rev()
            .find(|one| one.mission == mission);
        newest.filter(|one| one.ended.is_none())
    }

    pub fn prompt_progress(&mut self, mission: u64, done: u32, total: u32) {
        if let Some(generation) = self.open(mission) {
            generation.prompt = Some((done, total));
        }
    }

    pub fn token(&mut self, mission: u64, candidate: u32, text: &str, now_ms: u64) {
        if self.open(mission).is_none() {
            // Attached in the middle of a generation: its start is not known here.
            self.start(
                mission,
                String::new(),
                String::new(),
                candidate.saturating_add(1),
            );
        }
        let Some(generation) = self.open(mission) else {
            return;
        };
        generation.first_token_ms.get_or_insert(now_ms);
        generation.last_token_ms = now_ms;
        let code = generation.writes_code();
        let Some(candidate) = generation.candidates.get_mut(candidate as usize) else {
            return;
        };
        candidate.tokens += 1;
        candidate.cleaner.push(text, &mut candidate.text);
        drop_start(&mut candidate.text);
        candidate.code = if code && candidate.text.len() <= MAX_HIGHLIGHT_BYTES {
            Code::rust(&candidate.text)
        } else {
            Code::plain(&candidate.text, Role::Text)
        };
    }

    pub fn end(&mut self, mission: u64, ended: Ended) {
        if let Some(generation) = self.open(mission) {
            generation.ended = Some(ended);
        }
    }

    /// Marks a candidate of the mission's newest generation; an accepted one is shown.
    pub fn judge(&mut self, mission: u64, candidate: u32, accepted: bool) {
        let at = candidate as usize;
        let newest = self
            .generations
            .iter_mut()
            .rev()
            .find(|one| one.mission == mission);
        if let Some(candidate) = newest.and_then(|one| one.candidates.get_mut(at)) {
            candidate.fate = if accepted {
                Fate::Accepted
            } else {
                Fate::Refused
            };
            if accepted {
                self.shown = at;
            }
        }
    }

    /// The connection was lost: nothing more comes for what is open.
    pub fn interrupt(&mut self) {
        for generation in &mut self.generations {
            let generated = u32::try_from(generation.tokens()).unwrap_or(u32::MAX);
            generation.ended.get_or_insert(Ended {
                prompt_tokens: 0,
                generated_tokens: generated,
                seconds: 0.0,
                tokens_per_second: 0.0,
            });
        }
    }

    pub fn show_other(&mut self, by: isize) {
        let count = self.newest().map_or(0, |one| one.candidates.len());
        self.shown = self
            .shown
            .saturating_add_signed(by)
            .min(count.saturating_sub(1));
    }
}

fn drop_start(text: &mut String) {
    if text.len() > MAX_TEXT_BYTES {
        let mut cut = text.len() - MAX_TEXT_BYTES / 2;
        while !text.is_char_boundary(cut) {
            cut += 1;
        }
        text.drain(..cut);
    }
}
