//! The last row: what just happened or is asked, and the keys that matter here.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::paint::Painter;
use crate::tui::document::{Document, Row, piece, row_width};
use crate::tui::keymap::{Action, Row as Keys};
use crate::tui::state::{Line, Link, Overlay, Purpose, State};
use crate::tui::theme::Role;
use crate::tui::update::contexts;

pub fn paint(painter: &mut Painter, state: &State, area: Rect) {
    let mut row: Row = vec![piece(Role::Text, " ")];
    match &state.overlay {
        Some(Overlay::Prompt { purpose, line }) => {
            return prompt(painter, state, area, purpose, line);
        }
        Some(Overlay::Help(view)) if view.typing => {
            return input(painter, state, area, "search help ", "", &view.search);
        }
        Some(Overlay::Help(_) | Overlay::List(_) | Overlay::Reader(_)) => {}
        Some(Overlay::Keys(_)) => {
            row.push(piece(Role::Key, "Esc Esc"));
            row.push(piece(Role::Dim, " leaves; no other key does anything here"));
        }
        Some(Overlay::Question(question)) if question.deed.word().is_some() => {
            let word = question.deed.word().unwrap_or_default();
            let label = format!("type {word} to do it: ");
            return input(painter, state, area, &label, "", &question.line);
        }
        Some(Overlay::Question(question)) => {
            let text = format!("{}  ", question.deed.question());
            row.push(piece(Role::Warning, text));
        }
        None => {
            if let Some(notice) = &state.notice {
                let mut document = Document::new(area.width.saturating_sub(1));
                document.wrapped(&[piece(notice.role, notice.text.as_str())], 0);
                if document.len() > 1 {
                    let inner = Rect {
                        x: area.x + 1.min(area.width),
                        width: area.width.saturating_sub(1),
                        ..area
                    };
                    return painter.document(inner, &document, 0);
                }
                row.extend(document.rows().iter().flatten().cloned());
                row.push(piece(Role::Text, "   "));
            } else if let Link::Away { tries, reason } = &state.link {
                row.push(piece(Role::Warning, "kernel away, reconnecting"));
                row.push(piece(Role::Dim, format!(" (try {tries}: {reason})   ")));
            }
        }
    }
    let room = usize::from(area.width).saturating_sub(row_width(&row));
    row.extend(hints(state, room));
    painter.row(area, 0, &row);
}

/// As many of the focus's keys as fit, and the way to help before all others.
fn hints(state: &State, room: usize) -> Row {
    let contexts = contexts(state);
    let listed = || {
        contexts
            .iter()
            .flat_map(|context| state.keymap.of(*context))
            .filter(|row| !row.binding.hint.is_empty() && !row.keys.is_empty())
    };
    let help = listed()
        .find(|row| row.binding.action == Action::Help)
        .map_or(0, width);
    let mut row = Row::new();
    let mut used = 0;
    let mut actions = Vec::new();
    for keys in listed() {
        let action = keys.binding.action;
        let reserved = if action == Action::Help || actions.contains(&Action::Help) {
            0
        } else {
            help
        };
        if actions.contains(&action) || used + width(keys) + reserved > room {
            continue;
        }
        used += width(keys);
        actions.push(action);
        row.push(piece(Role::Key, label(keys)));
        row.push(piece(Role::Dim, format!(" {}  ", keys.binding.hint)));
    }
    row
}

fn label(row: &Keys) -> String {
    row.keys
        .first()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn width(row: &Keys) -> usize {
    label(row).width() + row.binding.hint.width() + 3
}

fn prompt(painter: &mut Painter, state: &State, area: Rect, purpose: &Purpose, line: &Line) {
    let label = match purpose {
        Purpose::Search => "search ".to_owned(),
        Purpose::Filter => "filter ".to_owned(),
        Purpose::Send { object } => format!("send to {object}: "),
        Purpose::SearchKnowledge => "search what is known: ".to_owned(),
        Purpose::AddDocument => "add the document: ".to_owned(),
    };
    let example = match purpose {
        Purpose::Search | Purpose::SearchKnowledge => "",
        Purpose::AddDocument => "   a file or folder: text, Markdown, Rust, PDF",
        Purpose::Filter => "   words, !word, level:warn, mission:3, persona:BRICK",
        Purpose::Send { .. } => "   selector and a JSON array",
    };
    input(painter, state, area, &label, example, line);
}

/// A line that takes text, with the cursor in it, and an example where there is room.
fn input(
    painter: &mut Painter,
    state: &State,
    area: Rect,
    label: &str,
    example: &str,
    line: &Line,
) {
    let label_width = label.width() + 1;
    let before = line
        .text()
        .get(..line.cursor())
        .map_or(0, UnicodeWidthStr::width);
    let room = usize::from(area.width).saturating_sub(label_width + 1);
    // A long text is moved left so that the cursor stays on the screen.
    let mut skipped = 0;
    let hidden = before.saturating_sub(room);
    let text: String = line
        .text()
        .chars()
        .skip_while(|character| {
            let skip = skipped < hidden;
            if skip {
                skipped += unicode_width::UnicodeWidthChar::width(*character).unwrap_or(0);
            }
            skip
        })
        .collect();
    let mut row = vec![
        piece(Role::Accent, format!(" {label}")),
        piece(Role::Text, text),
    ];
    let rest = usize::from(area.width).saturating_sub(row_width(&row) + 4);
    if example.width() <= rest {
        row.push(piece(Role::Ghost, example));
    }
    let rest = usize::from(area.width).saturating_sub(row_width(&row) + 4);
    row.push(piece(Role::Text, "   "));
    row.extend(hints(state, rest));
    painter.row(area, 0, &row);
    let x = u16::try_from(label_width + before.saturating_sub(skipped)).unwrap_or(u16::MAX);
    painter.cursor(area.x.saturating_add(x), area.y);
}
