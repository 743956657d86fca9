//! BRICK's prompts for SYNTHESIZING: a first answer, and a repair of a refused one.
//!
//! The answer is started for the model up to and including the method's `{`, so that it can neither
//! redefine the struct nor change the signature, and it ends where that brace closes.

use std::fmt::Write as _;

use super::display::ABOUT_PANELS;
use super::example::describe;
use super::{Callee, Ending, Prompt, Role, is_callable, send_expression};
use crate::method::{Check, Receiver, Signature, StructSpec, Type};

/// Everything that is known about the method to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodBrief<'a> {
    pub structure: &'a StructSpec,
    pub signature: &'a Signature,
    pub brief: &'a str,
    pub checks: &'a [Check],
    /// Methods that it is planned to call.
    pub calls: &'a [Callee],
    /// It begins with the first of these calls, which earlier candidates did not make.
    pub begins_with_call: bool,
    /// Whether the task says how numbers are converted, and the answer begins with the brief as documentation. Told so, a
    /// small model converts where nothing is to be and is right half as often (`docs/BENCHMARKS.md`); but what it then writes is
    /// something else, which helps where it was wrong.
    pub in_full: bool,
    /// What DELEGATING found that helps.
    pub neighbours: &'a [Neighbour],
    /// Lessons of earlier failures with this method.
    pub lessons: &'a [String],
    /// Parts of what the person has the system know, and a method like it of another object.
    pub passages: &'a [Passage],
    /// The method as it is, where it is to be changed.
    pub so_far: Option<&'a str>,
}

/// A part of something known that bears on the mission.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Passage {
    /// `document`, `fact`, `method` or `lesson`.
    pub kind: String,
    /// The document's name, the fact's key, `Wallet.deposit`.
    pub name: String,
    /// The headings above it; a method's signature.
    pub heading: String,
    pub text: String,
}

/// A method that the image already has on the same object.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Neighbour {
    pub signature: String,
    pub inherited_from: Option<String>,
    /// How it is written, where the brief speaks of it and it cannot be called from another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A refused candidate with what the guardian said of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attempt {
    /// Whole source, as the guardian saw it.
    pub source: String,
    /// In the order of their places; each a sentence or two.
    pub problems: Vec<String>,
    /// What to do about the first, in one line.
    #[serde(default)]
    pub instruction: Option<String>,
}

/// Lines of the brief that become the method's documentation.
const MOST_DOC_LINES: usize = 14;

/// The source up to and including the method's opening brace, with the brief as its documentation.
pub fn opening(brief: &MethodBrief<'_>) -> String {
    started(brief, true)
}

/// The same as the model gets it, who has the brief in its task.
fn started(brief: &MethodBrief<'_>, documented: bool) -> String {
    let mut text = format!("impl {} {{\n", brief.structure.name);
    let before = brief.so_far.map(documentation).unwrap_or_default();
    let lines = before.iter().map(String::as_str);
    let lines = lines.chain(brief.brief.lines()).filter(|_| documented);
    for line in lines
        .flat_map(|line| wrapped(line, 88))
        .take(MOST_DOC_LINES)
    {
        let _ = writeln!(text, "    /// {line}");
    }
    let _ = write!(text, "    pub {} {{", brief.signature);
    let first = brief.calls.first().filter(|_| brief.begins_with_call);
    let call = first.filter(|callee| is_callable(callee, brief.signature));
    if let Some(send) = call.and_then(send_expression) {
        let _ = write!(text, "\n        {send};");
    }
    text
}

/// What a method's documentation says, as paragraphs of one line.
fn documentation(source: &str) -> Vec<String> {
    let lines = source.lines().map(str::trim_start);
    let told: Vec<&str> = lines.filter_map(|line| line.strip_prefix("///")).collect();
    let text = told
        .iter()
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ");
    if text.is_empty() {
        Vec::new()
    } else {
        vec![text]
    }
}

/// What is asked of a method that is changed: what it was to do before, then the change.
pub fn told_so_far(brief: &str, so_far: Option<&str>) -> String {
    let mut paragraphs = so_far.map(documentation).unwrap_or_default();
    paragraphs.push(brief.trim().to_owned());
    paragraphs.join("\n")
}

/// The whole source: the opening and what the model went on with. After an instruction, which is not kept, that begins on
/// a line of its own.
pub fn completed(opening: &str, answer: &str) -> String {
    let gap = if answer.trim_start_matches(' ').starts_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{opening}{gap}{}\n}}\n", answer.trim_end())
}

/// The first request for a method.
pub fn synthesize(brief: &MethodBrief<'_>) -> Prompt {
    let mut prompt = Prompt::new(Role::Brick, "synthesize");
    if !brief.calls.is_empty() {
        // A small model does what it has seen done: told only in words, it changes the fields itself.
        prompt = prompt.person(CALLING).persona(CALLED);
    }
    prompt = prompt.person(task(brief));
    prompt.prefix = format!("```rust\n{}", started(brief, brief.in_full));
    prompt.ending = Ending::MethodBlock;
    prompt.max_tokens = 700;
    prompt
}

/// A request for a better one: the same talk, the refused answer in it, and what was wrong. The first problem
/// is also the first comment of the new answer, where a small model heeds it most.
pub fn repair(brief: &MethodBrief<'_>, attempt: &Attempt) -> Prompt {
    let mut prompt = synthesize(brief);
    let mut feedback = String::from("That is not right yet:\n");
    for problem in attempt.problems.iter().take(3) {
        let _ = writeln!(feedback, "- {problem}");
    }
    feedback.push_str("Write the whole method again, corrected.");
    prompt.purpose = "repair";
    if let Some(instruction) = &attempt.instruction {
        let gap = if prompt.prefix.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let _ = writeln!(prompt.prefix, "{gap}        // {instruction}");
    }
    prompt
        .persona(format!("```rust\n{}\n```", attempt.source.trim_end()))
        .person(feedback)
}

fn task(brief: &MethodBrief<'_>) -> String {
    let mut text = String::from("```rust\nuse std::collections::*;\n");
    let _ = writeln!(text, "{}\n```", in_methods(brief.structure));
    let _ = writeln!(
        text,
        "Write the method `{}` of `{}`.\n{}",
        brief.signature.name,
        brief.structure.name,
        brief.brief.trim()
    );
    if let Some(source) = brief.so_far {
        let _ = write!(
            text,
            "\nSo far it is as follows. What was not said to be different stays as it is.\n```rust\n{}\n```\n",
            source.trim_end()
        );
    }
    called(&mut text, brief);
    let called = |signature: &String| brief.calls.iter().any(|call| call.signature == *signature);
    let others = brief
        .neighbours
        .iter()
        .filter(|other| !called(&other.signature));
    let others: Vec<&Neighbour> = others.collect();
    if !others.is_empty() {
        text.push_str("\nMethods it already has:\n");
        for neighbour in &others {
            let _ = writeln!(text, "- `{}`", neighbour.signature);
        }
        for source in others.iter().filter_map(|other| other.source.as_ref()) {
            let _ = write!(
                text,
                "\nThis one cannot be called, but what it does can be done in the same way:\n```rust\n{}\n```\n",
                source.trim_end()
            );
        }
    }
    for passage in brief.passages {
        known(&mut text, passage);
    }
    for note in notes(brief) {
        let _ = writeln!(text, "\n{note}");
    }
    if !brief.checks.is_empty() {
        text.push_str("\nExamples:\n");
        for check in brief.checks {
            let _ = writeln!(
                text,
                "- {}",
                describe(check, brief.signature, brief.structure)
            );
        }
    }
    if !brief.lessons.is_empty() {
        text.push_str("\nEarlier attempts failed because:\n");
        for lesson in brief.lessons {
            let _ = writeln!(text, "- {lesson}");
        }
    }
    text.push('\n');
    text.push_str(rules(brief.signature.receiver));
    if brief.in_full {
        text.push_str(ABOUT_NUMBERS);
    }
    if brief.signature.returns == Type::Panel {
        // Else each line is repeated as a comment, which takes as long again.
        text.push_str(" Code only, without a single comment.");
    }
    if !brief.calls.is_empty() {
        text.push_str(" Fields are changed by those calls alone; each ends with `?`.");
    }
    text
}

/// What is asked, and how it is answered, of a method that calls others.
const CALLING: &str = "\
```rust
use std::collections::*;
struct Tank { litres: f64 }
```
Write the method `pour` of `Tank`.
Drain the amount here and fill it into the other tank.

It does its work by calling these, written exactly like this:
- `send::<f64>(\"Tank\", \"drain\", (amount,))?`
- `other.send::<f64>(\"fill\", (amount,))?`";
const CALLED: &str = "\
```rust
impl Tank {
    /// Drain the amount here and fill it into the other tank.
    pub fn pour(&self, other: ObjectRef, amount: f64) -> Result<(), String> {
        send::<f64>(\"Tank\", \"drain\", (amount,))?;
        other.send::<f64>(\"fill\", (amount,))?;
        Ok(())
    }
}
```";

/// The methods that it is to call, each as the expressions that call it: methods are reached by sends alone.
fn called(text: &mut String, brief: &MethodBrief<'_>) {
    if brief.calls.is_empty() {
        return;
    }
    text.push_str("\nIt does its work by calling these, written exactly like this:\n");
    for callee in brief.calls {
        if let Some(send) = send_expression(callee) {
            let _ = writeln!(text, "- `{send}`");
        }
    }
}

/// A method of another object as code, everything else as the person's own words.
fn known(text: &mut String, passage: &Passage) {
    let source = passage.text.trim();
    if passage.kind == "method" {
        let (object, _) = passage.name.split_once('.').unwrap_or_default();
        let _ = writeln!(
            text,
            "\n`{object}`, another object, has this one:\n```rust\n{source}\n```"
        );
        return;
    }
    text.push_str("\nWhat is known about it");
    if !passage.heading.is_empty() {
        let _ = write!(text, " ({})", passage.heading);
    }
    text.push_str(":\n");
    for line in source.lines().filter(|line| !line.trim().is_empty()) {
        let _ = writeln!(text, "> {line}");
    }
}

/// The struct with the types that its slots have to a method.
fn in_methods(structure: &StructSpec) -> StructSpec {
    let slots = structure.slots.iter();
    StructSpec {
        name: structure.name.clone(),
        slots: slots
            .map(|(name, ty)| (name.clone(), ty.in_methods()))
            .collect(),
    }
}

/// What a model cannot know of the types that only this system has.
fn notes(brief: &MethodBrief<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for (name, ty) in &brief.structure.slots {
        if matches!(ty, Type::SharedList(_)) {
            notes.push(format!("`self.{name}` is only appended to."));
        }
    }
    let params = brief.signature.params.iter().map(|param| &param.ty);
    let slots = brief.structure.slots.iter().map(|(_, ty)| ty);
    if params
        .chain(slots)
        .chain([&brief.signature.returns])
        .any(Type::refers)
    {
        notes.push(
            "An `ObjectRef` is another object: it is `Copy` and can be kept and compared; \
             `object.send::<f64>(\"total\", (2, \"a\"))` calls its method `total` and gives a `Result<f64, String>`."
                .to_owned(),
        );
    }
    if brief.signature.returns == Type::Panel {
        notes.push(ABOUT_PANELS.to_owned());
    }
    notes
}

const fn rules(receiver: Receiver) -> &'static str {
    match receiver {
        Receiver::Mutable => {
            "Rules: complete and self-contained, no calls of methods that are not listed here. Check for errors before \
             changing anything. After changing fields and directly before each normal result stands \
             `self.mark_changed();`, but not before an `Err`. Clone text that is kept."
        }
        Receiver::Shared => {
            "Rules: complete and self-contained, no calls of methods that are not listed here; helpers are nested `fn`s. \
             Fields are only read: iterate with `.iter()`, clone what has to change."
        }
    }
}

const ABOUT_NUMBERS: &str =
    " Convert numbers with `as`, calculate in `i64`; wrap around with `rem_euclid`.";

/// Words of a text in lines of at most `width` characters; doc comments must not end early or nest.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().filter(|letter| !letter.is_control()));
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}
