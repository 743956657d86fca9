//! What the system knows: a row for each document, fact or hit, and the chosen one in its parts with who used it.

use crate::tui::document::{Document, Row, piece};
use crate::tui::state::State;
use crate::tui::state::knowledge::Known;
use crate::tui::theme::Role;
use crate::wire::knowledge::{ChunkView, DocumentView, HitView, UseView};

pub fn document(state: &State, width: u16) -> Document {
    write(state, width).0
}

/// The row at which each part of the chosen document begins, with the line it has in the document.
pub fn places(state: &State, width: u16) -> Vec<(u32, usize)> {
    write(state, width).1
}

fn write(state: &State, width: u16) -> (Document, Vec<(u32, usize)>) {
    let mut document = Document::new(width);
    let mut places = Vec::new();
    let Some(chosen) = state.knowledge.chosen() else {
        nothing(&mut document, state);
        return (document, places);
    };
    match chosen {
        Known::Hit(hit) => hit_head(&mut document, hit),
        Known::Document(one) => {
            document.wrapped(&[piece(Role::Strong, one.name.as_str())], 2);
            document.row(vec![piece(Role::Dim, facts(one))]);
        }
    }
    if !chosen.is_kept() {
        if let Known::Hit(hit) = chosen {
            document.blank();
            text(&mut document, &hit.text);
        }
        return (document, places);
    }
    let Some(looked) = state.knowledge.chosen_looked() else {
        document.blank();
        document.row(vec![piece(Role::Dim, "asking the kernel")]);
        return (document, places);
    };
    used(&mut document, &looked.uses);
    let found = match chosen {
        Known::Hit(hit) => Some(hit.line),
        Known::Document(_) => None,
    };
    for chunk in &looked.chunks {
        document.blank();
        places.push((chunk.line, document.len()));
        part(&mut document, chunk, found == Some(chunk.line));
    }
    (document, places)
}

fn nothing(document: &mut Document, state: &State) {
    document.blank();
    let text = match (&state.knowledge.found, &state.knowledge.documents) {
        (Some(_), _) => "Nothing that is known has to do with these words.",
        (None, None) => "asking the kernel",
        (None, Some(_)) => {
            "Nothing was added yet. Documents are added by `a` with a path (text, Markdown, Rust, PDF), \
             facts by a mission such as \"remember that fees are paid monthly\"."
        }
    };
    document.wrapped(&[piece(Role::Dim, text)], 0);
}

fn facts(one: &DocumentView) -> String {
    format!(
        "{} · {} · {} · {}",
        one.kind,
        one.format,
        super::count(one.bytes, "byte"),
        super::count(one.chunks.into(), "part")
    )
}

fn hit_head(document: &mut Document, hit: &HitView) {
    document.wrapped(&[piece(Role::Strong, hit.name.as_str())], 2);
    let mut facts = vec![hit.kind.clone()];
    if hit.line > 0 {
        facts.push(format!("line {}", hit.line));
    }
    facts.push(format!("words {:.1}", hit.words));
    facts.push(match hit.cosine {
        Some(cosine) => format!("meaning {cosine:.2}"),
        None => "meaning n/a".to_owned(),
    });
    document.row(vec![piece(Role::Dim, facts.join(" · "))]);
    if !hit.heading.is_empty() {
        document.wrapped(&[piece(Role::Accent, hit.heading.as_str())], 2);
    }
}

fn used(document: &mut Document, uses: &[UseView]) {
    document.blank();
    if uses.is_empty() {
        document.row(vec![piece(Role::Dim, "no mission has used it yet")]);
        return;
    }
    let title = format!("used by {}", super::count(uses.len() as u64, "mission"));
    document.row(vec![piece(Role::Title, title)]);
    for one in uses {
        let brief = one.brief.lines().next().unwrap_or_default();
        let mut row = vec![
            piece(Role::Accent, format!("  #{} ", one.mission)),
            piece(Role::Text, brief),
        ];
        if !one.headings.is_empty() {
            row.push(piece(Role::Dim, format!("  ({})", one.headings.join(", "))));
        }
        document.row(row);
    }
}

/// A part: where it begins, the headings above it, its text.
fn part(document: &mut Document, chunk: &ChunkView, found: bool) {
    let role = if found { Role::Match } else { Role::Title };
    let mut row = Row::new();
    if chunk.line > 0 {
        row.push(piece(role, format!("line {}", chunk.line)));
    }
    if !chunk.heading.is_empty() {
        row.push(piece(Role::Accent, format!("  {}", chunk.heading)));
    }
    if !row.is_empty() {
        document.row(row);
    }
    text(document, &chunk.text);
}

fn text(document: &mut Document, text: &str) {
    for line in text.trim_end().lines() {
        document.wrapped(&[piece(Role::Text, line)], 0);
    }
}

/// A row of the list.
pub fn row(state: &State, at: usize, width: u16) -> Row {
    let Some(known) = state.knowledge.get(at) else {
        return Row::new();
    };
    let kind = match known.kind() {
        "document" => Role::Babs,
        "method" => Role::CodeFunction,
        "lesson" => Role::Warning,
        _ => Role::Accent,
    };
    let mut row = vec![piece(kind, format!(" {:<8} ", known.kind()))];
    match known {
        Known::Document(one) if one.kind == "fact" => {
            row.push(piece(Role::Text, one.start.as_str()));
        }
        Known::Document(one) => {
            row.push(piece(Role::Text, file_name(&one.name)));
            row.push(piece(
                Role::Dim,
                format!("  {}", super::count(one.chunks.into(), "part")),
            ));
            if width >= 60 {
                row.push(piece(Role::Ghost, format!("  {}", one.start)));
            }
        }
        Known::Hit(hit) => {
            let name = match hit.kind.as_str() {
                "fact" => hit.text.lines().next().unwrap_or_default(),
                _ => file_name(&hit.name),
            };
            row.push(piece(Role::Text, name));
            if !hit.heading.is_empty() {
                row.push(piece(Role::Dim, format!("  {}", hit.heading)));
            }
        }
    }
    row
}

/// The last part of a path: what tells documents apart.
fn file_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
