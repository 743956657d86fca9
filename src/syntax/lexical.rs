//! Where Rust's strings, characters and comments are, found without the parser.
//!
//! Inside them any text may stand, so this is where a reader of the tree and rustc could come to differ.
//! The scan also finds what a parser reports badly: text without end, brackets without partner, and
//! characters that show something else than what is compiled.

use std::ops::Range;

use super::problem::Problem;

/// What one pass over the text found.
#[derive(Default)]
pub(super) struct Scan {
    /// Comments (a line's without its newline), strings and characters, in order.
    pub opaque: Vec<Range<usize>>,
    /// The first thing that makes the text unreadable.
    pub trouble: Option<Problem>,
    /// How deeply brackets are nested.
    pub deepest: usize,
}

pub(super) fn scan(text: &str) -> Scan {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        found: Scan::default(),
    };
    scanner.hidden_characters();
    while scanner.at < scanner.bytes.len() {
        scanner.step();
    }
    // An earlier trouble may be the reason that brackets stay open.
    if let (Some((bracket, at)), None) = (scanner.open.last().copied(), &scanner.found.trouble) {
        let closing = closing_of(bracket) as char;
        let bracket = bracket as char;
        scanner.trouble(
            at,
            format!("`{bracket}` is never closed"),
            format!("write the `{closing}` that belongs to this `{bracket}`"),
        );
    }
    scanner.found
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    open: Vec<(u8, usize)>,
    found: Scan,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn trouble(&mut self, byte: usize, message: String, hint: String) {
        let earlier = self
            .found
            .trouble
            .as_ref()
            .is_some_and(|known| known.byte <= byte);
        if !earlier {
            self.found.trouble = Some(Problem {
                byte,
                message,
                hint: Some(hint),
            });
        }
    }

    /// Control characters and those that reorder what is shown are refused even in strings.
    fn hidden_characters(&mut self) {
        let mut previous_return = None;
        for (at, character) in self.text.char_indices() {
            if let Some(at) = previous_return.take()
                && character != '\n'
            {
                self.hidden(at, '\r');
                return;
            }
            match character {
                '\n' | '\t' => {}
                '\r' => previous_return = Some(at),
                '\u{202A}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{061C}' => {
                    self.hidden(at, character);
                    return;
                }
                other if other.is_control() => {
                    self.hidden(at, other);
                    return;
                }
                _ => {}
            }
        }
    }

    fn hidden(&mut self, at: usize, character: char) {
        self.trouble(
            at,
            format!(
                "the invisible character U+{:04X} is not allowed",
                u32::from(character)
            ),
            "delete it; in a string write it as an escape such as `\\u{200e}`".into(),
        );
    }

    fn step(&mut self) {
        let start = self.at;
        match self.peek(0) {
            b'/' if self.peek(1) == b'/' => {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                self.keep(start);
            }
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'"' => self.string(start),
            b'\'' => self.quote(start),
            b'(' | b'[' | b'{' => {
                self.open.push((self.peek(0), start));
                self.found.deepest = self.found.deepest.max(self.open.len());
                self.at += 1;
            }
            b')' | b']' | b'}' => self.close(start),
            byte if byte.is_ascii_digit() => self.skip_word(),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => self.word(start),
            byte if byte >= 0x80 => self.foreign(start),
            _ => self.at += 1,
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn keep(&mut self, start: usize) {
        self.found.opaque.push(start..self.at);
    }

    fn skip_word(&mut self) {
        while self.peek(0).is_ascii_alphanumeric() || self.peek(0) == b'_' {
            self.at += 1;
        }
    }

    fn word(&mut self, start: usize) {
        self.skip_word();
        let word = self.text.get(start..self.at).unwrap_or_default();
        match (word, self.peek(0)) {
            ("r" | "br" | "cr", b'"' | b'#') => self.raw_string(start),
            ("b" | "c", b'"') => self.string(start),
            ("b", b'\'') => self.character(start),
            _ => {}
        }
    }

    /// After `r`: a raw string, unless it is a raw identifier.
    fn raw_string(&mut self, start: usize) {
        let hashes = self.rest().bytes().take_while(|byte| *byte == b'#').count();
        if self.peek(hashes) != b'"' {
            return;
        }
        self.at += hashes + 1;
        let end = ["\"", &"#".repeat(hashes)].concat();
        if let Some(length) = self.rest().find(&end) {
            self.at += length + end.len();
        } else {
            self.at = self.bytes.len();
            self.endless(start, "raw string", &end);
        }
        self.keep(start);
    }

    /// At the opening quote of a string.
    fn string(&mut self, start: usize) {
        self.at += 1;
        loop {
            match self.peek(0) {
                b'"' => {
                    self.at += 1;
                    break;
                }
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
            if self.at >= self.bytes.len() {
                self.at = self.bytes.len();
                self.endless(start, "string", "\"");
                break;
            }
        }
        self.keep(start);
    }

    /// A character, or a lifetime or label.
    fn quote(&mut self, start: usize) {
        let mut following = self.rest().chars().skip(1);
        let (first, second) = (following.next(), following.next());
        if first == Some('\\') || second == Some('\'') {
            self.character(start);
        } else {
            self.at += 1;
            self.skip_word();
            if self.at == start + 1 {
                self.endless(start, "character", "'");
            }
        }
    }

    /// At the opening quote of a character.
    fn character(&mut self, start: usize) {
        self.at += 1;
        if self.peek(0) == b'\\' {
            self.at += 2;
        } else {
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
        let end = self.rest().find(['\'', '\n']);
        match end.map(|end| self.at + end) {
            Some(end) if self.bytes.get(end) == Some(&b'\'') => self.at = end + 1,
            _ => self.endless(start, "character", "'"),
        }
        self.at = self.at.min(self.bytes.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
        self.keep(start);
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
            if depth == 0 {
                break;
            }
            if self.at >= self.bytes.len() {
                self.at = self.bytes.len();
                self.endless(start, "comment", "*/");
                break;
            }
        }
        self.keep(start);
    }

    fn endless(&mut self, start: usize, what: &str, end: &str) {
        self.trouble(
            start,
            format!("this {what} never ends"),
            format!("close it with `{end}`"),
        );
    }

    fn close(&mut self, start: usize) {
        let closing = self.peek(0);
        self.at += 1;
        match self.open.pop() {
            Some((bracket, _)) if closing_of(bracket) == closing => {}
            Some((bracket, _)) => {
                let (wanted, found) = (closing_of(bracket) as char, closing as char);
                self.trouble(
                    start,
                    format!("expected `{wanted}`, found `{found}`"),
                    format!(
                        "the `{}` before it is still open: close it with `{wanted}` first",
                        bracket as char
                    ),
                );
            }
            None => self.trouble(
                start,
                format!("`{}` closes nothing", closing as char),
                "delete it, or write the opening bracket that it belongs to".into(),
            ),
        }
    }

    /// Names are ASCII: others can look the same, and rustc takes some for ASCII ones.
    fn foreign(&mut self, start: usize) {
        let character = self.rest().chars().next().unwrap_or('\0');
        self.at += character.len_utf8();
        self.trouble(
            start,
            format!(
                "the character `{character}` (U+{:04X}) is not allowed in code",
                u32::from(character)
            ),
            "use ASCII letters for names and plain spaces; strings and comments may hold any text"
                .into(),
        );
    }
}

const fn closing_of(bracket: u8) -> u8 {
    match bracket {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}
