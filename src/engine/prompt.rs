//! Turns a rendered prompt into tokens, such that only the template can write special tokens.
//!
//! llama.cpp's own parsing is all or nothing over one string, and tokenising each piece alone would change the
//! tokens at every seam. So the special tokens are found here, in the template's pieces only, and everything
//! between two of them, template and content alike, is tokenised as one plain text.

use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::token_type::LlamaTokenAttr;
use llama_cpp_2::vocab::LlamaVocab;

use crate::engine::template::Piece;

/// The special tokens of a vocabulary, longest text first.
#[derive(Debug)]
pub struct SpecialTokens(Vec<Special>);

#[derive(Debug)]
struct Special {
    text: String,
    token: LlamaToken,
    /// Swallows the blanks before it, or behind it.
    strips: (bool, bool),
}

impl SpecialTokens {
    /// Walks the whole vocabulary: once a model.
    pub fn of(vocab: &LlamaVocab<'_>) -> Self {
        let mut specials: Vec<Special> = vocab
            .tokens()
            .filter_map(|token| {
                let attributes = vocab.attr(token);
                let special = attributes.contains(LlamaTokenAttr::Control)
                    || attributes.contains(LlamaTokenAttr::Unknown);
                let text = vocab.text(token).filter(|_| special)?;
                let strips = (
                    attributes.contains(LlamaTokenAttr::LStrip),
                    attributes.contains(LlamaTokenAttr::RStrip),
                );
                Some(Special {
                    text: text.to_string_lossy().into_owned(),
                    token,
                    strips,
                })
            })
            .filter(|special| !special.text.is_empty())
            .collect();
        specials.sort_by_key(|special| std::cmp::Reverse(special.text.len()));
        Self(specials)
    }

    /// The first special token in `text`: its place and itself. Of those that start there, the longest.
    fn first_in(&self, text: &str) -> Option<(usize, &Special)> {
        let mut from = 0;
        while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
            if let Some(special) = self.0.iter().find(|s| rest.starts_with(&s.text)) {
                return Some((from, special));
            }
            from += rest.chars().next().map_or(1, char::len_utf8);
        }
        None
    }
}

/// The tokens of the whole prompt: the pieces, then `prefix`, the given start of the answer.
pub fn tokenize(
    vocab: &LlamaVocab<'_>,
    specials: &SpecialTokens,
    pieces: &[Piece],
    prefix: &str,
) -> Vec<LlamaToken> {
    let mut run = Run {
        vocab,
        text: String::new(),
        tokens: Vec::new(),
        strip_next: false,
    };
    for piece in pieces {
        match piece {
            Piece::Content(text) => run.push(text),
            Piece::Template(text) => {
                let mut rest = text.as_str();
                while let Some((at, special)) = specials.first_in(rest) {
                    let (before, after) = rest.split_at(at);
                    run.push(before);
                    run.special(special);
                    rest = after.get(special.text.len()..).unwrap_or_default();
                }
                run.push(rest);
            }
        }
    }
    run.push(prefix);
    run.flush();
    let mut tokens = run.tokens;
    let bos = vocab.bos();
    if vocab.should_add_bos() && tokens.first() != Some(&bos) {
        tokens.insert(0, bos);
    }
    tokens
}

/// The plain text since the last special token.
struct Run<'a> {
    vocab: &'a LlamaVocab<'a>,
    text: String,
    tokens: Vec<LlamaToken>,
    strip_next: bool,
}

impl Run<'_> {
    fn push(&mut self, text: &str) {
        let text = if self.strip_next {
            text.trim_start()
        } else {
            text
        };
        self.strip_next &= text.is_empty();
        self.text.push_str(text);
    }

    fn special(&mut self, special: &Special) {
        let (strip_before, strip_after) = special.strips;
        if strip_before {
            self.text.truncate(self.text.trim_end().len());
        }
        self.flush();
        self.tokens.push(special.token);
        self.strip_next = strip_after;
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            // Not a byte of it may become a control token.
            let plain = self.vocab.tokenize(self.text.as_bytes(), false, false);
            self.tokens.extend(plain);
            self.text.clear();
        }
    }
}
