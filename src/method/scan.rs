//! The small scanner under the parsers of types, signatures and structs: names, numbers, lifetimes and
//! punctuation, each with where it stands. Everything it refuses carries the whole text and the place.

use super::types::TypeError;

/// One token of a type, signature or struct text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Name(&'a str),
    Number(&'a str),
    Lifetime(&'a str),
    /// `->`.
    Arrow,
    /// `::`.
    PathSeparator,
    Punctuation(char),
}

/// A cursor over the tokens of one text.
pub(super) struct Scanner<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token<'a>)>,
    next: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, TypeError> {
        let mut tokens = Vec::new();
        let mut rest = text;
        loop {
            rest = rest.trim_start();
            let at = text.len() - rest.len();
            let Some(first) = rest.chars().next() else {
                break;
            };
            let (token, length) = if rest.starts_with("->") {
                (Token::Arrow, 2)
            } else if rest.starts_with("::") {
                (Token::PathSeparator, 2)
            } else if first == '\'' {
                let length = 1 + word_length(rest.get(1..).unwrap_or_default());
                (
                    Token::Lifetime(rest.get(..length).unwrap_or_default()),
                    length,
                )
            } else if first.is_ascii_digit() {
                let length = word_length(rest);
                (
                    Token::Number(rest.get(..length).unwrap_or_default()),
                    length,
                )
            } else if first == '_' || first.is_alphabetic() {
                let length = word_length(rest);
                (Token::Name(rest.get(..length).unwrap_or_default()), length)
            } else if "<>()[]{},;:&=*!?+-|.".contains(first) {
                (Token::Punctuation(first), first.len_utf8())
            } else {
                return Err(TypeError::Syntax {
                    text: text.to_owned(),
                    at,
                    problem: format!("`{first}` has no meaning here"),
                });
            };
            tokens.push((at, token));
            rest = rest.get(length..).unwrap_or_default();
        }
        Ok(Self {
            text,
            tokens,
            next: 0,
        })
    }

    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).map(|(_, token)| *token)
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.next += 1;
        token
    }

    /// Takes the next token when it is this one.
    pub(super) fn eat(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == Some(token);
        if found {
            self.next += 1;
        }
        found
    }

    pub(super) fn eat_char(&mut self, character: char) -> bool {
        self.eat(Token::Punctuation(character))
    }

    pub(super) fn expect_char(&mut self, character: char) -> Result<(), TypeError> {
        if self.eat_char(character) {
            return Ok(());
        }
        Err(self.problem(&format!("expected `{character}`")))
    }

    pub(super) fn expect_name(&mut self, what: &str) -> Result<&'a str, TypeError> {
        match self.peek() {
            Some(Token::Name(name)) => {
                self.next += 1;
                Ok(name)
            }
            _ => Err(self.problem(&format!("expected {what}"))),
        }
    }

    pub(super) fn expect_end(&self) -> Result<(), TypeError> {
        if self.peek().is_none() {
            return Ok(());
        }
        Err(self.problem("expected the end"))
    }

    /// A syntax error at the next token.
    pub(super) fn problem(&self, problem: &str) -> TypeError {
        let at = self
            .tokens
            .get(self.next)
            .map_or(self.text.len(), |(at, _)| *at);
        let found = self.text.get(at..).unwrap_or_default();
        let found: String = found.chars().take(16).collect();
        let found = if found.is_empty() {
            "the end".to_owned()
        } else {
            format!("`{found}`")
        };
        TypeError::Syntax {
            text: self.text.to_owned(),
            at,
            problem: format!("{problem}, found {found}"),
        }
    }
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(text.len())
}

/// Whether `name` can name a slot, parameter, method or struct in every edition up to 2024.
pub fn is_identifier(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
        "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
        "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try",
        "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
    ];
    let mut characters = name.chars();
    let starts_well = characters
        .next()
        .is_some_and(|c| c == '_' || c.is_ascii_alphabetic());
    starts_well
        && characters.all(|c| c == '_' || c.is_ascii_alphanumeric())
        && !KEYWORDS.contains(&name)
}
