//! Help, made from the table of keys.

use unicode_width::UnicodeWidthStr;

use crate::tui::document::{Document, Row, piece};
use crate::tui::keymap::{Context, Keymap, Row as Keys};
use crate::tui::theme::Role;

const KEY_COLUMNS: usize = 26;

/// Every action, or those that have all the words of `search` in name, keys or text; those of `here` come first.
pub fn document(width: u16, keymap: &Keymap, search: &str, here: &[Context]) -> Document {
    let mut document = Document::new(width);
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        head(&mut document);
    }
    let elsewhere = Context::ALL.iter().filter(|one| !here.contains(one));
    for context in here.iter().chain(elsewhere).copied() {
        let rows: Vec<&Keys> = keymap.of(context).filter(|row| has(row, &words)).collect();
        if rows.is_empty() {
            continue;
        }
        if !document.is_empty() {
            document.blank();
        }
        document.row(vec![
            piece(Role::TitleFocused, context.title()),
            piece(Role::Dim, format!("  [keys.{}]", context.name())),
        ]);
        for row in rows {
            write(&mut document, row);
        }
    }
    if document.is_empty() {
        let text = format!("no key and no action has \"{}\"", words.join(" "));
        document.wrapped(&[piece(Role::Dim, text)], 0);
    }
    document
}

fn has(row: &Keys, words: &[String]) -> bool {
    let keys: Vec<String> = row.keys.iter().map(ToString::to_string).collect();
    let binding = row.binding;
    let text = format!(
        "{} {} {} {}",
        binding.context.title(),
        binding.action.name(),
        keys.join(" "),
        binding.help
    );
    let text = text.to_lowercase();
    words.iter().all(|word| text.contains(word))
}

fn head(document: &mut Document) {
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
}

/// Keys, what they do, and the action's name for palette and settings.
fn write(document: &mut Document, keys: &Keys) {
    let mut row: Row = vec![piece(Role::Text, "  ")];
    let mut used = 0;
    for key in &keys.keys {
        let label = key.to_string();
        if used > 0 {
            row.push(piece(Role::Dim, " "));
            used += 1;
        }
        used += label.width();
        row.push(piece(Role::Key, label));
    }
    let (name, argument) = (keys.binding.action.name(), keys.binding.action.argument());
    if keys.keys.is_empty() {
        let command = format!(":{name} {argument}").trim_end().to_owned();
        used += command.width();
        row.push(piece(Role::Key, command));
    }
    row.push(piece(
        Role::Text,
        " ".repeat(KEY_COLUMNS.saturating_sub(used).max(1)),
    ));
    row.push(piece(Role::Text, keys.binding.help));
    if !keys.keys.is_empty() {
        row.push(piece(Role::Ghost, format!("  ({name})")));
    }
    document.wrapped(&row, KEY_COLUMNS + 2);
}
