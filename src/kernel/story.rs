//! A mission's story: each prompt with its answer and each verdict, in the order in which they came.
//!
//! The texts themselves stand in the metacognition log, found by the reference; the document keeps what they cost.

use serde::{Deserialize, Serialize};

use super::document::Document;
use crate::wire::plan::StoryEntry;

/// Entries that a mission keeps; those after it are only counted in its sums.
const MOST_ENTRIES: usize = 400;
/// The most of a verdict's text that is kept, in characters.
const MOST_TEXT: usize = 200;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The stage that it belongs to, by its place.
    pub stage: usize,
    /// From 1; 0 where there is no plan, or it is about the whole.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub part: usize,
    #[serde(default)]
    pub round: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub persona: String,
    pub what: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reference: String,
    #[serde(default)]
    pub prompt_tokens: u32,
    #[serde(default)]
    pub generated_tokens: u32,
    #[serde(default)]
    pub seconds: f64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "it is the function that serde asks for"
)]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Document {
    pub fn tell(&mut self, what: &str, text: &str) -> Option<&mut Told> {
        if self.story.len() >= MOST_ENTRIES {
            return None;
        }
        let working = self.plan.as_ref().filter(|_| !self.is_to_replan());
        self.story.push(Told {
            stage: self.stages.len(),
            part: working.map_or(0, |plan| plan.at + 1),
            round: self.round,
            persona: String::new(),
            what: what.to_owned(),
            text: text.chars().take(MOST_TEXT).collect(),
            reference: String::new(),
            prompt_tokens: 0,
            generated_tokens: 0,
            seconds: 0.0,
        });
        self.story.last_mut()
    }
}

pub fn entry(told: &Told) -> StoryEntry {
    StoryEntry {
        stage: u32::try_from(told.stage).unwrap_or(u32::MAX),
        part: u32::try_from(told.part).unwrap_or(u32::MAX),
        round: told.round,
        persona: told.persona.clone(),
        what: told.what.clone(),
        text: told.text.clone(),
        reference: told.reference.clone(),
        prompt_tokens: told.prompt_tokens,
        generated_tokens: told.generated_tokens,
        seconds: told.seconds,
    }
}
