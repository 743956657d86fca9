//! Just enough of Rust's lexer to know which braces are code.
//!
//! Braces in strings, raw strings, byte strings, character literals and (nested) comments do not count, and
//! `'a` in `&'a str` opens nothing. The text may end anywhere: what cannot be told yet, such as `'{` without
//! its other quote, is left out until more text has come.

/// How many blocks are open at the end of `text`.
pub fn open_blocks(text: &str) -> usize {
    Braces::of(text).fold(0, |depth, (_, brace)| match brace {
        Brace::Open => depth + 1,
        Brace::Close => depth.saturating_sub(1),
    })
}

/// Where in `text` (the byte after the brace) the number of open blocks first goes from `depth` to one less,
/// at `from` or later. With a `depth` of 0, where the first block that is opened closes again.
pub fn end_of_block(text: &str, from: usize, depth: usize) -> Option<usize> {
    let target = depth.saturating_sub(1);
    let mut open = 0_usize;
    for (at, brace) in Braces::of(text) {
        match brace {
            Brace::Open => open += 1,
            Brace::Close => {
                let was = open;
                open = open.saturating_sub(1);
                if at >= from && open == target && was > target {
                    return Some(at + 1);
                }
            }
        }
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brace {
    Open,
    Close,
}

/// The braces that are code, in order, each with its byte position.
struct Braces<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Braces<'a> {
    fn of(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    /// Moves behind the next `pattern` at or after `from`, or to the end.
    fn skip_past(&mut self, from: usize, pattern: &[u8]) {
        let rest = self.text.get(from..).unwrap_or_default();
        let found = rest.windows(pattern.len()).position(|w| w == pattern);
        self.at = found.map_or(self.text.len(), |found| from + found + pattern.len());
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 1_usize;
        self.at += 2;
        while depth > 0 {
            match (self.byte(self.at), self.byte(self.at + 1)) {
                (Some(b'/'), Some(b'*')) => (depth, self.at) = (depth + 1, self.at + 2),
                (Some(b'*'), Some(b'/')) => (depth, self.at) = (depth - 1, self.at + 2),
                (Some(_), _) => self.at += 1,
                (None, _) => return,
            }
        }
    }

    /// From behind the opening quote to behind the closing one.
    fn skip_quoted(&mut self, quote: u8) {
        while let Some(byte) = self.byte(self.at) {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == quote {
                return;
            }
        }
        self.at = self.text.len();
    }

    /// A character literal or a lifetime, from its quote.
    fn skip_quote(&mut self) {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let Some(first) = rest.first() else {
            self.at = self.text.len();
            return;
        };
        if *first == b'\\' {
            self.at += 1;
            self.skip_quoted(b'\'');
            return;
        }
        let width = match *first {
            0..0x80 => 1,
            0x80..0xE0 => 2,
            0xE0..0xF0 => 3,
            _ => 4,
        };
        match rest.get(width) {
            Some(b'\'') => self.at += 2 + width,
            // `'{` may still become `'{'`.
            None if !is_word(*first) => self.at = self.text.len(),
            _ => self.at += 1,
        }
    }

    /// An identifier or number, and the raw string that it may turn out to start.
    fn skip_word(&mut self) {
        let start = self.at;
        while self.byte(self.at).is_some_and(is_word) {
            self.at += 1;
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        if !matches!(word, b"r" | b"br" | b"cr") {
            return;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
        if rest.get(hashes) == Some(&b'"') {
            let mut end = vec![b'#'; hashes + 1];
            if let Some(first) = end.first_mut() {
                *first = b'"';
            }
            self.skip_past(self.at + hashes + 1, &end);
        }
    }
}

impl Iterator for Braces<'_> {
    type Item = (usize, Brace);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.at;
            match (self.byte(at)?, self.byte(at + 1)) {
                (b'{', _) => {
                    self.at += 1;
                    return Some((at, Brace::Open));
                }
                (b'}', _) => {
                    self.at += 1;
                    return Some((at, Brace::Close));
                }
                (b'/', Some(b'/')) => self.skip_past(at, b"\n"),
                (b'/', Some(b'*')) => self.skip_block_comment(),
                (b'"', _) => {
                    self.at += 1;
                    self.skip_quoted(b'"');
                }
                (b'\'', _) => self.skip_quote(),
                (byte, _) if is_word(byte) => self.skip_word(),
                _ => self.at += 1,
            }
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
mod tests {
    use super::{end_of_block, open_blocks};

    #[test]
    fn only_braces_that_are_code_count() {
        let quiet = [
            r#"let a = "{{{ \" {";"#,
            r##"let a = r#"{ " {"#;"##,
            r#"let a = br"{\";"#,
            "let a = '{'; let b = b'}'; let c = '\\'';",
            "// {\n/* { /* { */ { */",
            "fn f<'a>(x: &'a str, y: &'static str)",
            "let a = '\u{20AC}'; 'outer: loop",
            r#"let r#type = "{";"#,
            r#"format!("{x} {}", "}")"#,
        ];
        for text in quiet {
            assert_eq!(open_blocks(text), 0, "{text}");
        }
        assert_eq!(
            open_blocks("impl A {\n pub fn f<'a>(&'a self) -> char {"),
            2
        );
        assert_eq!(open_blocks("fn f() { '}' "), 1);
    }

    #[test]
    fn the_innermost_open_block_is_the_one_that_ends() {
        let prefix = "impl A {\n    pub fn f(&self) -> String {";
        let answer = "\n if x { \"}\".into() } else { r#\"}\"#.into() }\n    }\n}\n";
        let text = format!("{prefix}{answer}");
        let end = end_of_block(&text, prefix.len(), open_blocks(prefix)).unwrap();
        assert_eq!(&text[end..], "\n}\n");
        assert!(text[..end].ends_with("\n    }"));
    }

    #[test]
    fn an_unfinished_text_never_ends_too_early() {
        let prefix = "fn f() {";
        let whole =
            " let a = '}'; let b = \"}\"; /* } */ /* /* } */ } */ let c = r#\"}\"}\"#; // }\n }";
        let text = format!("{prefix}{whole}");
        for cut in prefix.len()..text.len() {
            assert_eq!(
                end_of_block(&text[..cut], prefix.len(), 1),
                None,
                "{}",
                &text[..cut]
            );
        }
        assert_eq!(end_of_block(&text, prefix.len(), 1), Some(text.len()));
    }

    #[test]
    fn without_an_open_block_the_first_one_counts() {
        assert_eq!(end_of_block("fn f() { { } } }", 0, 0), Some(14));
    }
}
