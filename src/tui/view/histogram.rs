//! How many entries there were over time: a row of bars above the log, and the times at its ends.

use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use super::paint::Painter;
use crate::tui::contents::{clock, since};
use crate::tui::document::{Row, piece};
use crate::tui::state::State;
use crate::tui::theme::Role;
use crate::wire::messages::LogLevel;

const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// Takes the two rows that it needs from the area's top.
pub fn paint(painter: &mut Painter, state: &State, area: &mut Rect) {
    let columns = usize::from(area.width.saturating_sub(2));
    let Some(shown) = state.log.over_time(columns) else {
        return;
    };
    let most = shown
        .bins
        .iter()
        .map(|bin| bin.count)
        .max()
        .unwrap_or(1)
        .max(1);
    let mut bars: Row = vec![piece(Role::Text, " ")];
    for bin in &shown.bins {
        let role = match bin.worst {
            LogLevel::Error => Role::Bad,
            LogLevel::Warn => Role::Warning,
            _ => Role::Accent,
        };
        // Whatever happened at all has a bar.
        let height = (bin.count * 8).div_ceil(most);
        let bar = usize::try_from(height)
            .ok()
            .and_then(|height| BARS.get(height.checked_sub(1)?));
        bars.push(piece(role, *bar.unwrap_or(&" ")));
    }
    painter.row(*area, 0, &bars);
    painter.row(*area, 1, &axis(state, &shown, columns));
    area.y += 2;
    area.height -= 2;
}

/// `12:00:00 ──── 12 s each ──── 13:00:00`, with the reading row's place marked.
fn axis(state: &State, shown: &crate::tui::state::log::Histogram, columns: usize) -> Row {
    let from = clock(shown.from_ms, state.utc_offset_s);
    let to = clock(shown.to_ms, state.utc_offset_s);
    let step = (shown.to_ms - shown.from_ms) / columns.max(1) as u64;
    let each = format!(" {} each ", since(step.max(1_000), 0));
    let mut line: Vec<char> = "─".repeat(columns).chars().collect();
    let middle = columns.saturating_sub(each.width()) / 2;
    let end = columns.saturating_sub(to.width());
    for (start, text) in [(0, &from), (middle, &each), (end, &to)] {
        for (offset, character) in text.chars().enumerate() {
            if let Some(place) = line.get_mut(start + offset) {
                *place = character;
            }
        }
    }
    let text: String = line.into_iter().collect();
    let mut row = vec![piece(Role::Text, " ")];
    if state.log.follows() {
        row.push(piece(Role::Dim, text));
        return row;
    }
    for (at, character) in text.chars().enumerate() {
        let role = if at == shown.here {
            Role::Selected
        } else {
            Role::Dim
        };
        row.push(piece(role, character));
    }
    row
}
