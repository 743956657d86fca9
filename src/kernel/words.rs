//! From words to a mission document, whoever asks: a mission that begins, or a front-end that only wants to know.

use super::psm::StepError;
use super::teach::first_text;
use crate::persona::{
    Draft, DraftError, Prompt, Scene, name_slots, parse_translation, take_slots, translate,
    translate_again,
};
use crate::wire::engine::Generated;

/// Why words were not understood.
#[derive(Debug, thiserror::Error)]
pub(super) enum Misunderstood {
    #[error(transparent)]
    Step(#[from] StepError),
    #[error(transparent)]
    Draft(#[from] DraftError),
}

/// For the person who has to say it otherwise.
pub(super) fn not_understood(error: &DraftError) -> String {
    format!(
        "the words could not be understood as a mission: {error}; say which object and what it should do"
    )
}

/// What the translator makes of the words; of a new object, BRICK then names what it keeps.
pub(super) fn document_of(
    words: &str,
    scene: &Scene,
    ask: &mut dyn FnMut(&Prompt) -> Result<Generated, StepError>,
) -> Result<Draft, Misunderstood> {
    let mut answer = ask(&translate(words, scene))?;
    if let Some(again) = translate_again(first_text(&answer), words, scene) {
        answer = ask(&again)?;
    }
    let mut draft = parse_translation(first_text(&answer), words, scene)?;
    if let Some(prompt) = name_slots(&draft, scene) {
        take_slots(&mut draft, first_text(&ask(&prompt)?));
        draft.validate()?;
    }
    Ok(draft)
}
