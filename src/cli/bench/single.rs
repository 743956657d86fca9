//! What the model does without the loop: one greedy answer to the same task, without a start of the answer, without
//! sampling, without repair.

use serde::Serialize;

use super::model::{Alone, text_of, written};
use super::problem::{Judge, Problem, Worth};
use crate::cli::output::Failed;
use crate::persona::{Ending, synthesize};

#[derive(Debug, Clone, Serialize)]
pub(super) struct Single {
    #[serde(flatten)]
    worth: Worth,
    tokens: u32,
    seconds: f64,
    source: String,
}

/// `None` for a document without a signature.
pub(super) fn shot(
    model: &mut Alone,
    judge: &Judge,
    problem: &Problem,
) -> Result<Option<Single>, Failed> {
    let Some((signature, structure)) = problem.shape() else {
        return Ok(None);
    };
    let mut prompt = synthesize(&problem.brief(&signature, &structure, true));
    prompt.prefix.clear();
    prompt.ending = Ending::Free;
    if let Some((_, text)) = prompt.turns.last_mut() {
        text.push_str(&format!(
            "\n\nIts signature is `{signature}`. Answer with the `impl {}` block that holds it, as Rust code, and nothing else.",
            structure.name
        ));
    }
    let generated = model.ask(&prompt)?;
    let source = code_of(text_of(&generated));
    Ok(Some(Single {
        worth: judge.judge(problem, &source)?,
        tokens: written(&generated),
        seconds: generated.prompt_seconds + generated.generation_seconds,
        source,
    }))
}

/// The first fenced block, else all of it.
fn code_of(answer: &str) -> String {
    let mut parts = answer.split("```");
    let fenced = parts.nth(1).and_then(|block| block.split_once('\n'));
    fenced.map_or(answer, |(_, code)| code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::code_of;

    #[test]
    fn the_code_is_what_is_fenced() {
        assert_eq!(
            code_of("Here:\n```rust\nimpl A {}\n```\nDone."),
            "impl A {}\n"
        );
        assert_eq!(code_of("```\nimpl A {}"), "impl A {}");
        assert_eq!(code_of("impl A {}"), "impl A {}");
    }
}
