//! The personas: who they are, what each is told, and how plain words become a mission.
//!
//! Everything here is a pure function of its arguments: the same mission gives the same prompt, byte
//! for byte, so that a step repeated after a kill asks the model for the same thing. Nothing here talks
//! to a model; the kernel carries a [`Prompt`] to the engine.

mod call;
mod decompose;
mod designs;
mod display;
mod draft;
mod example;
mod examples;
mod guess;
mod hint;
mod literal;
mod making;
mod mention;
mod naming;
mod nothing;
mod plan;
mod prompt;
mod report;
mod resolve;
mod review;
mod role;
mod scene;
mod slots;
mod spelled;
mod state;
mod synthesize;
mod translate;
mod value_schema;
mod words;

pub use call::{decompose_call, fits_some_type, parse_call_design};
pub use decompose::{Design, DesignError, Wanted, decompose, parse_design, settle};
pub use display::{
    DESCRIBE, DISPLAY, DISPLAY_SIGNATURE, SYSTEM, VITALS, changed_description, describe_display,
    read_description,
};
pub use draft::{Draft, DraftError, Intent, SlotDraft, is_identifier, is_object_name};
pub use examples::{exact_examples, may_state_examples, parse_examples, read_examples};
pub use guess::{guess_checks, parse_guesses};
pub use hint::{instruction, trap_instruction};
pub use nothing::agrees_on_nothing;
pub use plan::{
    Callee, FailedPart, Ground, GroundObject, MOST_PARTS, PartDesign, PlanError, PlannedCall,
    as_sends, is_callable, make_callable, may_be_several, names_methods, not_called, parse_plan,
    parse_plan_again, plan, plan_again, send_expression, speaks_of_signature, spelled_signatures,
    told_names, wants_change, words_about,
};
pub use prompt::{Ending, Prompt, Speaker};
pub use report::{Grounds, answer, digest};
pub use review::{read_review, review};
pub use role::Role;
pub use scene::{Known, KnownMethod, Said, Scene};
pub use slots::{name_slots, take_slots};
pub use synthesize::{
    Attempt, MethodBrief, Neighbour, Passage, completed, opening, repair, synthesize, told_so_far,
};
pub use translate::{parse_translation, read_translation, translate, translate_again};
pub use words::words;
