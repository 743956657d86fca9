//! Help, made from the table of keys.

use unicode_width::UnicodeWidthStr;

use crate::tui::document::{Document, Row, piece};
use crate::tui::keymap::{Binding, Context, Key, TABLE};
use crate::tui::theme::Role;

const ORDER: [Context; 13] = [
    Context::Composer,
    Context::Understood,
    Context::Panes,
    Context::Missions,
    Context::Objects,
    Context::Stream,
    Context::Mission,
    Context::Log,
    Context::Itself,
    Context::Everywhere,
    Context::Prompt,
    Context::Confirm,
    Context::Help,
];

const KEY_COLUMNS: usize = 26;

pub fn document(width: u16) -> Document {
    let mut document = Document::new(width);
    document.wrapped(
        &[
            piece(Role::Strong, "Quitting leaves the kernel at work: "),
            piece(Role::Text, "missions go on, and "),
            piece(Role::Key, "batos"),
            piece(Role::Text, " attaches again. "),
            piece(Role::Key, "batos down"),
            piece(Role::Text, " stops everything."),
        ],
        0,
    );
    for context in ORDER {
        document.blank();
        document.row(vec![piece(Role::TitleFocused, context.title())]);
        for binding in TABLE.iter().filter(|binding| binding.context == context) {
            write(&mut document, binding);
        }
    }
    document
}

fn write(document: &mut Document, binding: &Binding) {
    let mut row: Row = vec![piece(Role::Text, "  ")];
    let mut used = 0;
    for name in binding.keys {
        let label = Key::parse(name).map_or_else(|| (*name).to_owned(), |key| key.to_string());
        if used > 0 {
            row.push(piece(Role::Dim, " "));
            used += 1;
        }
        used += label.width();
        row.push(piece(Role::Key, label));
    }
    row.push(piece(
        Role::Text,
        " ".repeat(KEY_COLUMNS.saturating_sub(used).max(1)),
    ));
    row.push(piece(Role::Text, binding.help));
    document.wrapped(&row, KEY_COLUMNS + 2);
}
