//! A persona's prompt as the engine's request.

use crate::persona::{Ending, Prompt, Speaker};
use crate::wire::engine::{Constraint, Generate, Sampling, Stop, Turn};

/// The part of the probability that a sampled answer is drawn from.
pub const TOP_P: f32 = 0.95;

/// The request for one candidate a sample. Its number is given by whoever sends it.
pub fn generate(prompt: &Prompt, model: String, samples: Vec<Sampling>) -> Generate {
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
