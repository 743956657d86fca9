//! What the personas write: one section a generation, the newest last.

use crate::tui::document::{Document, Row, piece};
use crate::tui::state::State;
use crate::tui::state::stream::{Candidate, Fate, Generation};
use crate::tui::theme::Role;

pub fn document(state: &State, width: u16) -> Document {
    let mut document = Document::new(width);
    if state.tour.is_some() {
        super::tour::write(&mut document, state);
        return document;
    }
    let generations = state.stream.generations();
    let last = generations.len().checked_sub(1);
    if last.is_none() {
        super::welcome::write(&mut document, state);
        return document;
    }
    for (number, generation) in generations.enumerate() {
        if number > 0 {
            document.blank();
        }
        let newest = Some(number) == last;
        let shown = if newest {
            state.stream.shown
        } else {
            best(generation)
        };
        write(&mut document, generation, shown);
    }
    document
}

/// An older generation shows its accepted candidate, else the first.
fn best(generation: &Generation) -> usize {
    let accepted = |candidate: &Candidate| candidate.fate == Fate::Accepted;
    generation.candidates.iter().position(accepted).unwrap_or(0)
}

fn write(document: &mut Document, generation: &Generation, shown: usize) {
    let name = if generation.persona.is_empty() {
        "persona"
    } else {
        &generation.persona
    };
    let mut title: Row = vec![piece(super::persona_role(name), name)];
    if !generation.purpose.is_empty() {
        title.push(piece(Role::Text, format!(" {}", generation.purpose)));
    }
    title.push(piece(
        Role::Dim,
        format!(" for mission {}", generation.mission),
    ));
    document.row_apart(title, progress(generation));
    if generation.candidates.len() > 1 {
        document.row(candidates(generation, shown));
    }
    if let Some(candidate) = generation.candidates.get(shown) {
        document.code(&candidate.code, false, |_, _| {});
    }
}

fn progress(generation: &Generation) -> Row {
    let rate = generation.rate().map(|rate| format!("{rate:.1} tok/s"));
    if let Some(ended) = &generation.ended {
        let mut parts = Vec::new();
        if ended.prompt_tokens > 0 {
            parts.push(format!("{} read", ended.prompt_tokens));
        }
        parts.push(format!("{} written", ended.generated_tokens));
        if ended.seconds > 0.0 {
            parts.push(super::duration(ended.seconds));
        }
        parts.extend(rate);
        return vec![piece(Role::Dim, parts.join(" · "))];
    }
    if generation.first_token_ms.is_none() {
        return match generation.prompt {
            Some((done, total)) if total > 0 => {
                let percent = u64::from(done) * 100 / u64::from(total);
                vec![piece(
                    Role::Warning,
                    format!("reading the prompt {done}/{total} ({percent}%)"),
                )]
            }
            _ => vec![piece(Role::Warning, "starting")],
        };
    }
    let mut row = vec![piece(Role::Dim, super::count(generation.tokens(), "token"))];
    if let Some(rate) = rate {
        row.push(piece(Role::Dim, " · "));
        row.push(piece(Role::Accent, rate));
    }
    row
}

fn candidates(generation: &Generation, shown: usize) -> Row {
    let mut row = vec![piece(Role::Dim, "candidates ")];
    for (number, candidate) in generation.candidates.iter().enumerate() {
        let (mark, role) = match candidate.fate {
            Fate::Open => ("", Role::Dim),
            Fate::Accepted => ("✓", Role::Good),
            Fate::Refused => ("✗", Role::Bad),
        };
        let role = if number == shown {
            Role::SelectedIdle
        } else {
            role
        };
        row.push(piece(role, format!(" {}{mark} ", number + 1)));
        row.push(piece(Role::Dim, format!("{} ", candidate.tokens)));
    }
    row
}
