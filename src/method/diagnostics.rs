//! What rustc says about a method, in the coordinates of the source that was given, and its own repairs.

use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;

use super::generate::PREFIX;

/// The file of the method within its job.
const FILE: &str = "method.rs";

/// One error or warning of the compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileDiagnostic {
    /// Such as `E0308`, or a lint's name.
    pub code: Option<String>,
    pub message: String,
    /// In the given source, from 1; 0 when it belongs to no place in it.
    pub line: u32,
    /// In characters, from 1; 0 when it belongs to no place.
    pub column: u32,
    /// That place in bytes of the given source, where it is in it.
    pub span: Option<Range<usize>>,
    /// What the compiler notes at that place.
    pub label: Option<String>,
    /// Its help and notes.
    pub hint: Option<String>,
    /// The compiler's own drawing of it.
    pub rendered: String,
    /// Repairs that the compiler is sure of, and its first proposal for mismatched types (E0308). A repaired
    /// source is a new candidate: it has to be judged again.
    pub suggestions: Vec<Suggestion>,
}

/// One repair; all its replacements belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub message: String,
    /// Bytes of the given source, and what to put there.
    pub replacements: Vec<(Range<usize>, String)>,
}

/// The source with every suggested repair; `None` when nothing could be applied.
pub fn apply_suggestions(source: &str, diagnostics: &[CompileDiagnostic]) -> Option<String> {
    let mut fix = rustfix::CodeFix::new(source);
    for suggestion in diagnostics
        .iter()
        .flat_map(|diagnostic| &diagnostic.suggestions)
    {
        let replacements =
            suggestion
                .replacements
                .iter()
                .map(|(range, text)| rustfix::Replacement {
                    snippet: rustfix::Snippet {
                        file_name: FILE.into(),
                        line_range: nowhere(),
                        range: range.clone(),
                    },
                    replacement: text.clone(),
                });
        let solution = rustfix::Solution {
            message: suggestion.message.clone(),
            replacements: replacements.collect(),
        };
        // One that overlaps an earlier repair is left for the next round.
        let _ = fix.apply_solution(&solution);
    }
    let repaired = fix.modified().then(|| fix.finish().ok()).flatten()?;
    (repaired != source).then_some(repaired)
}

fn nowhere() -> rustfix::LineRange {
    let start = rustfix::LinePosition { line: 0, column: 0 };
    rustfix::LineRange { start, end: start }
}

/// Everything that `--error-format=json` printed, split into errors and warnings.
pub(super) fn read_all(output: &[u8]) -> (Vec<CompileDiagnostic>, Vec<CompileDiagnostic>) {
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for line in output.split(|byte| *byte == b'\n') {
        let Ok(raw) = serde_json::from_slice::<Raw>(line) else {
            continue;
        };
        match raw.level.as_str() {
            // The count at the end is no error of its own.
            "error" if raw.spans.is_empty() && raw.message.starts_with("aborting due to") => {}
            level if level.starts_with("error") => errors.push(read(&raw)),
            "warning" if !raw.spans.is_empty() => warnings.push(read(&raw)),
            _ => {}
        }
    }
    (errors, warnings)
}

#[derive(Deserialize)]
struct Raw {
    message: String,
    code: Option<RawCode>,
    level: String,
    #[serde(default)]
    spans: Vec<RawSpan>,
    #[serde(default)]
    children: Vec<Raw>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct RawCode {
    code: String,
}

#[derive(Deserialize)]
struct RawSpan {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
    line_start: u32,
    column_start: u32,
    is_primary: bool,
    label: Option<String>,
    suggested_replacement: Option<String>,
    suggestion_applicability: Option<String>,
    expansion: Option<Box<RawExpansion>>,
}

#[derive(Deserialize)]
struct RawExpansion {
    span: RawSpan,
}

impl RawSpan {
    /// The place in the method's file: the span itself, or where the macro that it is in was used.
    fn in_method(&self) -> Option<&Self> {
        if self.file_name == FILE {
            return Some(self);
        }
        self.expansion.as_ref()?.span.in_method()
    }

    fn bytes(&self) -> Option<Range<usize>> {
        let start = self.byte_start.checked_sub(PREFIX.len())?;
        Some(start..self.byte_end.checked_sub(PREFIX.len())?)
    }

    fn line_and_column(&self) -> (u32, u32) {
        let before = if self.line_start == 1 {
            PREFIX.len()
        } else {
            0
        };
        let before = u32::try_from(before).unwrap_or(0);
        (
            self.line_start,
            self.column_start.saturating_sub(before).max(1),
        )
    }
}

fn read(raw: &Raw) -> CompileDiagnostic {
    let placed = raw
        .spans
        .iter()
        .filter(|span| span.is_primary)
        .find_map(RawSpan::in_method);
    let (line, column) = placed.map_or((0, 0), RawSpan::line_and_column);
    let label = raw
        .spans
        .iter()
        .filter(|span| span.is_primary)
        .find_map(|span| span.label.clone());
    let mut hints: Vec<String> = Vec::new();
    for child in &raw.children {
        let hint = hint(child);
        if !hint.is_empty() && !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    let hint = if line == 0 {
        Some("the method must match the signature and the struct that were asked for".to_owned())
    } else if hints.is_empty() {
        None
    } else {
        Some(hints.join("; "))
    };
    CompileDiagnostic {
        code: raw.code.as_ref().map(|code| code.code.clone()),
        message: raw.message.clone(),
        line,
        column,
        span: placed.and_then(RawSpan::bytes),
        label,
        hint,
        rendered: raw.rendered.clone().unwrap_or_default().replace(PREFIX, ""),
        suggestions: suggestions(raw),
    }
}

/// What the compiler is sure of. Of mismatched types it never is: there its first proposal is taken.
fn suggestions(raw: &Raw) -> Vec<Suggestion> {
    let sure: Vec<_> = raw
        .children
        .iter()
        .filter_map(|child| suggestion(child, "MachineApplicable"))
        .collect();
    let mismatched = raw.code.as_ref().is_some_and(|code| code.code == "E0308");
    if !sure.is_empty() || !mismatched {
        return sure;
    }
    raw.children
        .iter()
        .find_map(|child| suggestion(child, "MaybeIncorrect"))
        .into_iter()
        .collect()
}

/// The child's text, with what it proposes to write.
fn hint(child: &Raw) -> String {
    let mut hint = child.message.clone();
    let proposed = child
        .spans
        .iter()
        .filter_map(|span| span.suggested_replacement.as_deref());
    let mut proposed = proposed.map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = proposed.next() {
        // Writing to a `String` cannot fail.
        let _ = write!(hint, ": `{text}`");
    }
    hint
}

/// One child's replacements, when the compiler thinks this of all of them.
fn suggestion(child: &Raw, applicability: &str) -> Option<Suggestion> {
    let mut replacements = Vec::new();
    for span in &child.spans {
        let Some(text) = &span.suggested_replacement else {
            continue;
        };
        let meant = span.suggestion_applicability.as_deref() == Some(applicability);
        if !meant || span.file_name != FILE {
            return None;
        }
        // What would change the prefix is not in the author's text.
        replacements.push((span.bytes()?, text.clone()));
    }
    (!replacements.is_empty()).then(|| Suggestion {
        message: child.message.clone(),
        replacements,
    })
}
