//! Text laid out in rows, each piece with the [`Role`] that says how it looks.
//!
//! Panels write their contents into a [`Document`] of a given width; `update` counts its rows to
//! limit scrolling and `view` paints the visible ones. Both see the same rows.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::theme::Role;
use crate::syntax::{self, Token};

/// A run of text that looks the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub role: Role,
    pub text: String,
}

pub type Row = Vec<Piece>;

pub fn piece(role: Role, text: impl Into<String>) -> Piece {
    Piece {
        role,
        text: text.into(),
    }
}

pub fn row_width(row: &[Piece]) -> usize {
    row.iter().map(|piece| piece.text.width()).sum()
}

/// Rows no wider than `width` columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    rows: Vec<Row>,
    width: usize,
}

impl Document {
    pub fn new(width: u16) -> Self {
        Self {
            rows: Vec::new(),
            width: usize::from(width.max(1)),
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn blank(&mut self) {
        self.rows.push(Row::new());
    }

    /// One row, cut at the right edge.
    pub fn row(&mut self, row: Row) {
        self.rows.push(cut(row, self.width));
    }

    /// One row with `right` at the right edge, as long as both fit; `left` is cut first.
    pub fn row_apart(&mut self, left: Row, right: Row) {
        let right_width = row_width(&right);
        if right_width + 8 > self.width {
            return self.row(left);
        }
        let mut row = cut(left, self.width - right_width - 1);
        let gap = self.width.saturating_sub(row_width(&row) + right_width);
        row.push(piece(Role::Text, " ".repeat(gap)));
        row.extend(right);
        self.rows.push(row);
    }

    /// Text broken between words, later rows moved in by `indent` columns.
    pub fn wrapped(&mut self, pieces: &[Piece], indent: usize) {
        let indent = indent.min(self.width / 2);
        let mut row = Row::new();
        let mut used = 0;
        for Piece { role, text } in pieces {
            for (number, line) in text.split('\n').enumerate() {
                if number > 0 {
                    self.rows.push(std::mem::take(&mut row));
                    used = self.start(&mut row, indent);
                }
                for word in words(line) {
                    used = self.place(word, *role, &mut row, used, indent);
                }
            }
        }
        self.rows.push(row);
    }

    /// Puts one word on the row, or on a new one; gives the columns now used.
    fn place(
        &mut self,
        word: &str,
        role: Role,
        row: &mut Row,
        mut used: usize,
        indent: usize,
    ) -> usize {
        let width = word.width();
        if used + width <= self.width {
            append(row, role, word);
            return used + width;
        }
        let at_start = used <= indent;
        if !at_start {
            self.rows.push(std::mem::take(row));
            used = self.start(row, indent);
            if word.trim().is_empty() {
                return used;
            }
        }
        for grapheme in word.graphemes(true) {
            let width = grapheme.width();
            if used + width > self.width && used > indent {
                self.rows.push(std::mem::take(row));
                used = self.start(row, indent);
            }
            append(row, role, grapheme);
            used += width;
        }
        used
    }

    #[expect(clippy::unused_self, reason = "reads as a step of the layout")]
    fn start(&self, row: &mut Row, indent: usize) -> usize {
        if indent > 0 {
            append(row, Role::Text, &" ".repeat(indent));
        }
        indent
    }

    /// Rows of another document.
    pub fn append(&mut self, other: &Self, rows: Range<usize>) {
        self.rows
            .extend(other.rows.get(rows).unwrap_or_default().iter().cloned());
    }

    /// Puts documents beside each other, a line between them.
    pub fn beside(&mut self, columns: &[Self]) {
        let rows = columns.iter().map(Self::len).max().unwrap_or(0);
        for at in 0..rows {
            let mut whole = Row::new();
            for (number, column) in columns.iter().enumerate() {
                if number > 0 {
                    whole.push(piece(Role::Rule, " │ "));
                }
                let row = column.rows.get(at).cloned().unwrap_or_default();
                let gap = column.width.saturating_sub(row_width(&row));
                whole.extend(row);
                if number + 1 < columns.len() {
                    whole.push(piece(Role::Text, " ".repeat(gap)));
                }
            }
            self.row(whole);
        }
    }

    /// Source with line numbers; longer lines go on in the next row without a number.
    pub fn code(&mut self, code: &Code, gutter: bool, after_line: impl FnMut(&mut Self, u32)) {
        self.marked_code(code, gutter, &[], after_line);
    }

    /// The same, with some lines marked whole.
    pub fn marked_code(
        &mut self,
        code: &Code,
        gutter: bool,
        marked: &[u32],
        mut after_line: impl FnMut(&mut Self, u32),
    ) {
        let digits = code.lines.len().max(10).to_string().len();
        for (number, line) in (1_u32..).zip(&code.lines) {
            let prefix = if gutter { digits + 3 } else { 0 };
            let room = self.width.saturating_sub(prefix).max(1);
            let is_marked = marked.contains(&number);
            for (part, mut row) in hard_wrap(line, room).into_iter().enumerate() {
                if is_marked {
                    mark(&mut row);
                }
                let mut whole = Row::new();
                if gutter {
                    let label = if part == 0 {
                        number.to_string()
                    } else {
                        String::new()
                    };
                    let role = if is_marked {
                        Role::Bad
                    } else {
                        Role::CodeGutter
                    };
                    whole.push(piece(role, format!("{label:>digits$} │ ")));
                }
                whole.extend(row);
                self.row(whole);
            }
            after_line(self, number);
        }
    }
}

/// The row's text in one role; the spaces that move it in stay as they are.
fn mark(row: &mut Row) {
    let text: String = row.iter().map(|piece| piece.text.as_str()).collect();
    let start = text.len() - text.trim_start().len();
    let (space, rest) = text.split_at(start);
    *row = vec![piece(Role::CodeText, space), piece(Role::CodeMarked, rest)];
}

/// Runs of spaces and of everything else, in turn.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let space = rest.chars().next()?.is_whitespace();
        let end = rest
            .find(|c: char| c.is_whitespace() != space)
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

/// Cuts a row at `width` columns and marks the cut.
pub fn cut(row: Row, width: usize) -> Row {
    if row_width(&row) <= width {
        return row;
    }
    let mut out = Row::new();
    let mut used = 0;
    for Piece { role, text } in row {
        for grapheme in text.graphemes(true) {
            used += grapheme.width();
            if used + 1 > width {
                append(&mut out, role, if width > 0 { "…" } else { "" });
                return out;
            }
            append(&mut out, role, grapheme);
        }
    }
    out
}

/// Cuts plain text at `width` columns.
pub fn cut_text(text: &str, width: usize) -> String {
    cut(vec![piece(Role::Text, text)], width)
        .into_iter()
        .map(|piece| piece.text)
        .collect()
}

fn append(row: &mut Row, role: Role, text: &str) {
    match row.last_mut() {
        Some(last) if last.role == role => last.text.push_str(text),
        _ => row.push(piece(role, text)),
    }
}

fn hard_wrap(line: &[Piece], room: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = Row::new();
    let mut used = 0;
    for Piece { role, text } in line {
        for grapheme in text.graphemes(true) {
            let width = grapheme.width();
            if used + width > room && used > 0 {
                rows.push(std::mem::take(&mut row));
                used = 0;
            }
            append(&mut row, *role, grapheme);
            used += width;
        }
    }
    rows.push(row);
    rows
}

/// Rust source with its colours, made once when it arrives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Code {
    lines: Vec<Row>,
}

impl Code {
    /// Highlights `source`, which must be clean already.
    pub fn rust(source: &str) -> Self {
        let source = source.trim_end();
        let spans = syntax::highlight(source);
        let lines = source
            .lines()
            .enumerate()
            .map(|(number, line)| coloured(line, spans.get(number).map_or(&[][..], Vec::as_slice)))
            .collect();
        Self { lines }
    }

    /// Text in which nothing is highlighted.
    pub fn plain(text: &str, role: Role) -> Self {
        Self {
            lines: text.lines().map(|line| vec![piece(role, line)]).collect(),
        }
    }

    /// As it was before it was highlighted.
    pub fn text(&self) -> String {
        let line = |row: &Row| {
            row.iter()
                .map(|piece| piece.text.as_str())
                .collect::<String>()
        };
        self.lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    pub fn line_count(&self) -> usize {
        self.lines.len()
    }
}

fn coloured(line: &str, spans: &[(Range<usize>, Token)]) -> Row {
    let mut row = Row::new();
    let mut at = 0;
    for (range, token) in spans {
        let start = range.start.max(at);
        if let Some(between) = line.get(at..start).filter(|text| !text.is_empty()) {
            append(&mut row, Role::CodeText, between);
        }
        if let Some(text) = line.get(start..range.end).filter(|text| !text.is_empty()) {
            append(&mut row, code_role(*token), text);
            at = range.end;
        }
    }
    if let Some(rest) = line.get(at..).filter(|text| !text.is_empty()) {
        append(&mut row, Role::CodeText, rest);
    }
    row
}

fn code_role(token: Token) -> Role {
    match token {
        Token::Keyword => Role::CodeKeyword,
        Token::Type => Role::CodeType,
        Token::Function => Role::CodeFunction,
        Token::Macro => Role::CodeMacro,
        Token::String => Role::CodeString,
        Token::Number | Token::Constant => Role::CodeNumber,
        Token::Comment => Role::CodeComment,
        Token::Attribute => Role::CodeAttribute,
        Token::Lifetime => Role::CodeLifetime,
        Token::Operator | Token::Punctuation => Role::CodePunctuation,
        Token::Property | Token::Variable => Role::CodeText,
    }
}
