//! What the guardian says about a source: stage, place, reason, hint and, where it is mechanical, the fix.

use std::ops::Range;

use crate::syntax::place;

/// The stage of judgement that refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    Syntax,
    Form,
    Forbidden,
    Covenant,
    Compile,
    Checks,
}

impl Stage {
    /// The name that is printed and sent.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Form => "form",
            Self::Forbidden => "forbidden",
            Self::Covenant => "covenant",
            Self::Compile => "compile",
            Self::Checks => "checks",
        }
    }
}

/// One reason for refusing a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub stage: Stage,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// From 1; 0 when it belongs to no place.
    pub line: u32,
    /// From 1, in characters; 0 when it belongs to no place.
    pub column: u32,
    /// What to write instead, in words.
    pub hint: Option<String>,
    /// A change of the text that takes this reason away.
    pub fix: Option<Fix>,
}

/// Edits that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub edits: Vec<Edit>,
}

/// Replaces bytes of the judged source; an empty range inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    pub range: Range<usize>,
    pub text: String,
}

impl Edit {
    pub(super) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self {
            range: at..at,
            text: text.into(),
        }
    }

    pub(super) const fn delete(range: Range<usize>) -> Self {
        Self {
            range,
            text: String::new(),
        }
    }
}

/// More reasons than these help nobody.
const MOST: usize = 24;

/// Collects diagnostics of one source.
pub(super) struct Findings<'t> {
    text: &'t str,
    found: Vec<(usize, Diagnostic)>,
}

impl<'t> Findings<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    pub(super) fn report(&mut self, stage: Stage, byte: usize, message: &str, hint: Option<&str>) {
        self.report_fix(stage, byte, message, hint, None);
    }

    pub(super) fn report_fix(
        &mut self,
        stage: Stage,
        byte: usize,
        message: &str,
        hint: Option<&str>,
        edits: Option<Vec<Edit>>,
    ) {
        let known = |(at, known): &(usize, Diagnostic)| {
            *at == byte && known.stage == stage && known.message == message
        };
        if self.found.len() >= MOST || self.found.iter().any(known) {
            return;
        }
        let place = place(self.text, byte);
        let diagnostic = Diagnostic {
            stage,
            message: message.to_owned(),
            line: place.line,
            column: place.column,
            hint: hint.map(str::to_owned),
            fix: edits.map(|edits| Fix { edits }),
        };
        self.found.push((byte, diagnostic));
    }

    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|(byte, _)| *byte);
        self.found
            .into_iter()
            .map(|(_, diagnostic)| diagnostic)
            .collect()
    }
}
