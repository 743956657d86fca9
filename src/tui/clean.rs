//! Makes text from outside harmless before it is kept for the screen.
//!
//! Model output, log lines, object names and error texts may hold escape sequences, control
//! characters or bidirectional overrides. They are removed here, once, when the text arrives, so that
//! nothing behind this file has to think about them.

use unicode_width::UnicodeWidthChar;

/// Longest run of zero-width characters (combining marks, joiners) kept after one visible one.
const MAX_MARKS: u8 = 6;
const TAB: &str = "    ";

/// One row: line breaks become a space.
pub fn line(raw: &str) -> String {
    let mut cleaner = Cleaner::default();
    let mut out = String::with_capacity(raw.len());
    cleaner.push(raw, &mut out);
    if out.contains('\n') {
        out = out
            .split('\n')
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join(" ");
    }
    out
}

/// Several rows: `\n` stays, tabs become four spaces.
pub fn text(raw: &str) -> String {
    let mut cleaner = Cleaner::default();
    let mut out = String::with_capacity(raw.len());
    cleaner.push(raw, &mut out);
    out
}

/// A cleaner for text that arrives in pieces: a sequence cut in two is still removed.
#[derive(Debug, Clone, Default)]
pub struct Cleaner {
    state: Inside,
    marks: u8,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    #[default]
    Text,
    Escape,
    /// After `ESC [`: up to a final byte.
    Control,
    /// After `ESC ]`, `ESC P` and their kin: up to BEL, ST or the end of the line.
    String,
    /// An escape inside a string, which a backslash turns into its end.
    StringEscape,
}

impl Cleaner {
    /// Appends what of `raw` may be shown.
    pub fn push(&mut self, raw: &str, out: &mut String) {
        for character in raw.chars() {
            self.state = self.step(character, out);
        }
    }

    fn step(&mut self, c: char, out: &mut String) -> Inside {
        match self.state {
            // A line break ends whatever was open: a lone `ESC ]` must not swallow the rest.
            _ if c == '\n' => self.plain(c, out),
            Inside::Text => self.plain(c, out),
            Inside::Escape => match c {
                '[' => Inside::Control,
                ']' | 'P' | 'X' | '^' | '_' => Inside::String,
                '\u{1b}' | ' '..='/' => Inside::Escape,
                '\0'..='~' => Inside::Text,
                _ => self.plain(c, out),
            },
            Inside::Control => match c {
                '\u{1b}' => Inside::Escape,
                ' '..='?' => Inside::Control,
                '@'..='~' => Inside::Text,
                _ => self.plain(c, out),
            },
            Inside::String => match c {
                '\u{7}' | '\u{9c}' => Inside::Text,
                '\u{1b}' => Inside::StringEscape,
                _ => Inside::String,
            },
            Inside::StringEscape => match c {
                '\\' => Inside::Text,
                '\u{1b}' => Inside::StringEscape,
                _ => Inside::String,
            },
        }
    }

    fn plain(&mut self, c: char, out: &mut String) -> Inside {
        match c {
            '\u{1b}' => return Inside::Escape,
            '\u{9b}' => return Inside::Control,
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => return Inside::String,
            '\n' | '\u{2028}' | '\u{2029}' => {
                self.marks = 0;
                out.push('\n');
            }
            '\t' => out.push_str(TAB),
            _ if is_hidden(c) => {}
            _ if c.width() == Some(0) => {
                self.marks = self.marks.saturating_add(1);
                if self.marks <= MAX_MARKS {
                    out.push(c);
                }
            }
            _ => {
                self.marks = 0;
                out.push(c);
            }
        }
        Inside::Text
    }
}

/// Controls, bidirectional controls, invisible fillers and tag characters.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
