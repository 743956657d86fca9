//! A panel drawn in rows: texts in the theme's styles, bars, sparklines and tables that fit the width.

use unicode_width::UnicodeWidthStr;

use crate::tui::document::{Document, Row, cut_text, piece};
use crate::tui::theme::Role;
use crate::wire::panel::{Panel, Part};

/// Columns of a label beside a bar, and of the bar itself, at most.
const MOST_LABEL: usize = 24;
const MOST_BAR: usize = 40;
/// From the least to the greatest value.
const STEPS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
/// Between two columns of a table.
const GAP: usize = 2;

pub fn write(document: &mut Document, panel: &Panel) {
    let labels = panel.parts.iter().map(|part| match part {
        Part::Gauge { label, .. } | Part::Sparkline { label, .. } => one_line(label).width(),
        _ => 0,
    });
    let most = MOST_LABEL.min(document.width() / 3);
    let label_width = labels.max().unwrap_or(0).min(most);
    for (number, part) in panel.parts.iter().enumerate() {
        match part {
            Part::Text { role, text } => {
                if role == "title" && number > 0 {
                    document.blank();
                }
                document.wrapped(&[piece(style(role), text.as_str())], 0);
            }
            Part::Gauge { label, value, most } => {
                gauge(document, &labelled(label, label_width), *value, *most);
            }
            Part::Sparkline { label, values } => {
                sparkline(document, &labelled(label, label_width), values);
            }
            Part::Table { headings, rows } => {
                if number > 0 {
                    document.blank();
                }
                table(document, headings, rows);
            }
        }
    }
}

fn style(role: &str) -> Role {
    match role {
        "title" => Role::TitleFocused,
        "strong" => Role::Strong,
        "dim" => Role::Dim,
        "good" => Role::Good,
        "warning" => Role::Warning,
        "bad" => Role::Bad,
        _ => Role::Text,
    }
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

fn labelled(label: &str, width: usize) -> String {
    let label = cut_text(&one_line(label), width);
    let gap = width.saturating_sub(label.width());
    format!("{label}{}  ", " ".repeat(gap))
}

fn gauge(document: &mut Document, label: &str, value: f64, most: f64) {
    let share = value / most;
    let share = (most > 0.0 && share.is_finite()).then(|| share.clamp(0.0, 1.0));
    let told = match share {
        Some(share) => format!("{:>4.0}%  ", share * 100.0),
        None => "   –   ".to_owned(),
    };
    let told = format!(" {told}{} of {}", number(value), number(most));
    let room = document.width().saturating_sub(label.width());
    // Where there is no room for both, the bar says enough.
    let told = if room >= told.width() + 6 {
        told
    } else {
        String::new()
    };
    let bar = room.saturating_sub(told.width()).min(MOST_BAR);
    let filled = steps(share.unwrap_or(0.0), bar);
    document.row(vec![
        piece(Role::Dim, label),
        piece(Role::Accent, "━".repeat(filled)),
        piece(Role::Rule, "─".repeat(bar - filled)),
        piece(Role::Text, told),
    ]);
}

/// How many of `count` steps a share from 0 to 1 is; something is never none of them.
fn steps(share: f64, count: usize) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "from 0 to the columns of a screen"
    )]
    let steps = (share * count as f64).round() as usize;
    steps.max(usize::from(share > 0.0)).min(count)
}

fn sparkline(document: &mut Document, label: &str, values: &[f64]) {
    let newest = values.last().copied();
    let told = newest.map_or_else(String::new, |newest| format!(" {}", number(newest)));
    let room = document.width().saturating_sub(label.width());
    let room = room.saturating_sub(told.width()).max(1);
    let skipped = values.len().saturating_sub(room);
    let shown = values.get(skipped..).unwrap_or_default();
    let finite = || shown.iter().copied().filter(|value| value.is_finite());
    let greatest = finite().fold(0.0_f64, f64::max);
    let least = finite().fold(0.0_f64, f64::min);
    let line: String = shown
        .iter()
        .map(|value| {
            let share = (value - least) / (greatest - least);
            match share.is_finite() {
                true => STEPS.get(steps(share, STEPS.len() - 1)).unwrap_or(&" "),
                // All alike, or no number.
                false if value.is_finite() => &STEPS[0],
                false => &" ",
            }
        })
        .copied()
        .collect();
    let mut row: Row = vec![piece(Role::Dim, label)];
    if shown.is_empty() {
        row.push(piece(Role::Dim, "nothing yet"));
    }
    row.push(piece(Role::Accent, line));
    row.push(piece(Role::Text, told));
    document.row(row);
}

/// At most two decimals, and short also where the number is not.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value.abs() >= 1e15 {
        return format!("{value:.2e}");
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

fn table(document: &mut Document, headings: &[String], rows: &[Vec<String>]) {
    let count = rows.iter().map(Vec::len).chain([headings.len()]).max();
    let widths = widths(headings, rows, count.unwrap_or(0), document.width());
    let numeric: Vec<bool> = (0..widths.len())
        .map(|column| {
            let mut cells = rows.iter().filter_map(|row| row.get(column)).peekable();
            cells.peek().is_some() && cells.all(|cell| cell.trim().parse::<f64>().is_ok())
        })
        .collect();
    let line = |cells: &[String], role: Role| -> Row {
        let columns = widths.iter().zip(&numeric).enumerate();
        let columns = columns.filter(|(_, (width, _))| **width > 0);
        columns
            .map(|(column, (width, numeric))| {
                let cell = cells.get(column).map(|cell| one_line(cell));
                let cell = cut_text(&cell.unwrap_or_default(), *width);
                let gap = " ".repeat(width.saturating_sub(cell.width()));
                let between = " ".repeat(GAP);
                let text = if *numeric {
                    format!("{gap}{cell}{between}")
                } else {
                    format!("{cell}{gap}{between}")
                };
                piece(role, text)
            })
            .collect()
    };
    if headings.iter().any(|heading| !heading.trim().is_empty()) {
        document.row(line(headings, Role::Dim));
    }
    for row in rows {
        document.row(line(row, Role::Text));
    }
}

/// What each column gets: what it wants, the widest giving way first until all fit. Columns that find no room at all
/// are left out from the right.
fn widths(headings: &[String], rows: &[Vec<String>], count: usize, room: usize) -> Vec<usize> {
    let mut widths: Vec<usize> = (0..count)
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let cells = cells.chain(headings.get(column));
            cells.map(|cell| one_line(cell).width()).max().unwrap_or(0)
        })
        .collect();
    widths.truncate((room / (GAP + 1)).max(1));
    let room = room.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max() else {
            break;
        };
        if *widest <= 1 {
            break;
        }
        *widest -= 1;
    }
    widths
}
