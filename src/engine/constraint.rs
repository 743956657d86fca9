//! Constrained decoding: only tokens that keep the answer inside the JSON schema can be chosen.
//!
//! llguidance computes the mask; our sampler chooses among what it allows; the choice is then *tried* against
//! the grammar. Nothing here can abort the process: a token that does not fit is an error of the request.

use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llguidance::api::TopLevelGrammar;
use llguidance::{Matcher, ParserFactory};

#[derive(Debug, thiserror::Error)]
pub enum ConstraintError {
    #[error("the constraint's JSON schema is not JSON")]
    NotJson(#[source] serde_json::Error),
    #[error("the constraint's JSON schema cannot be used: {0}")]
    Schema(String),
    #[error("the answer's given start does not fit the constraint's JSON schema")]
    Prefix,
    #[error("the answer cannot go on within the constraint's JSON schema: {0}")]
    Stuck(String),
}

/// Makes grammars for one vocabulary. Building it walks the whole vocabulary: once a model.
pub struct Grammars(ParserFactory);

impl Grammars {
    pub fn of(model: &LlamaModel) -> Result<Self, ConstraintError> {
        let environment = LlamaSampler::llguidance_tok_env(model);
        let mut factory = ParserFactory::new_simple(&environment)
            .map_err(|e| ConstraintError::Schema(e.to_string()))?;
        factory.quiet();
        Ok(Self(factory))
    }

    /// A grammar at the place where the given start of the answer ends.
    pub fn json(&self, schema: &str, prefix: &[u32]) -> Result<Grammar, ConstraintError> {
        let mut schema: serde_json::Value =
            serde_json::from_str(schema).map_err(ConstraintError::NotJson)?;
        if let Some(object) = schema.as_object_mut() {
            // Free white space is where small models lose themselves; one form also costs fewer tokens.
            object.entry("x-guidance").or_insert_with(|| {
                serde_json::json!({"whitespace_flexible": false, "key_separator": ": ", "item_separator": ", "})
            });
        }
        let grammar = TopLevelGrammar::from_json_schema(schema);
        let mut matcher = Matcher::new(self.0.create_parser(grammar));
        if let Some(problem) = matcher.get_error() {
            return Err(ConstraintError::Schema(first_line(&problem)));
        }
        match matcher.try_consume_tokens(prefix) {
            Ok(taken) if taken == prefix.len() => Ok(Grammar { matcher }),
            _ => Err(ConstraintError::Prefix),
        }
    }
}

/// Where one candidate stands in its grammar.
pub struct Grammar {
    matcher: Matcher,
}

impl Clone for Grammar {
    fn clone(&self) -> Self {
        Self {
            matcher: self.matcher.deep_clone(),
        }
    }
}

impl Grammar {
    /// Fills `masked` with the logits of the allowed tokens; all others become minus infinity.
    pub fn apply(&mut self, logits: &[f32], masked: &mut Vec<f32>) -> Result<(), ConstraintError> {
        let mask = self.matcher.compute_mask_or_eos();
        let mask = mask.map_err(|e| ConstraintError::Stuck(first_line(&e.to_string())))?;
        masked.clear();
        masked.resize(logits.len(), f32::NEG_INFINITY);
        mask.iter_set_entries(|token| {
            if let (Some(to), Some(from)) = (masked.get_mut(token), logits.get(token)) {
                *to = *from;
            }
        });
        Ok(())
    }

    /// Takes the chosen token, if the grammar does.
    pub fn try_accept(&mut self, token: u32) -> Result<(), ConstraintError> {
        match self.matcher.try_consume_tokens(&[token]) {
            Ok(1) => Ok(()),
            Ok(_) => Err(ConstraintError::Stuck(
                "a token was chosen that it does not allow".to_owned(),
            )),
            Err(error) => Err(ConstraintError::Stuck(first_line(&error.to_string()))),
        }
    }

    /// True when the document is whole and nothing can follow it.
    pub fn is_complete(&self) -> bool {
        self.matcher.is_stopped()
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}
