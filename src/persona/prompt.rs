//! A request to a model, before the kernel gives it a number, seeds and an engine.

use super::Role;

/// Who said a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    System,
    Person,
    Persona,
}

/// What ends the answer besides the model's own end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Nothing else: prose.
    Free,
    /// The brace that closes the method which the prefix opened.
    MethodBlock,
    /// A JSON document that satisfies this schema.
    Json(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub role: Role,
    /// `translate`, `describe`, `decompose`, `read examples`, `synthesize`, `repair`, `answer`.
    pub purpose: &'static str,
    pub turns: Vec<(Speaker, String)>,
    /// The start of the answer, given to the model as its own.
    pub prefix: String,
    pub ending: Ending,
    /// Tokens that one answer may have.
    pub max_tokens: u32,
}

impl Prompt {
    /// A prompt that starts with the persona's own system prompt.
    pub fn new(role: Role, purpose: &'static str) -> Self {
        Self {
            role,
            purpose,
            turns: vec![(Speaker::System, role.system_prompt().to_owned())],
            prefix: String::new(),
            ending: Ending::Free,
            max_tokens: 512,
        }
    }

    #[must_use]
    pub fn person(mut self, text: impl Into<String>) -> Self {
        self.turns.push((Speaker::Person, text.into()));
        self
    }

    #[must_use]
    pub fn persona(mut self, text: impl Into<String>) -> Self {
        self.turns.push((Speaker::Persona, text.into()));
        self
    }

    #[must_use]
    pub fn json(mut self, schema: &serde_json::Value, max_tokens: u32) -> Self {
        self.ending = Ending::Json(schema.to_string());
        self.max_tokens = max_tokens;
        self
    }
}
