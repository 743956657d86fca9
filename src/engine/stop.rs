//! Watches one candidate's text for what ends it, and holds back what might turn out to be an ending.

use crate::engine::rust_blocks::{end_of_block, open_blocks};
use crate::wire::engine::Stop;

/// What came of a piece of text.
#[derive(Debug, PartialEq, Eq)]
pub struct Watched {
    /// Text that is certainly part of the output.
    pub release: String,
    /// The candidate has reached its end; nothing after `release` belongs to it.
    pub met: bool,
}

#[derive(Debug)]
pub enum StopWatch {
    Never,
    Texts {
        stops: Vec<String>,
        held: String,
    },
    RustBlock {
        text: String,
        /// Where the prefix ends in `text`.
        start: usize,
        /// Blocks that the prefix left open.
        depth: usize,
    },
}

impl StopWatch {
    /// `prefix` is the start of the answer that the request gave; `also` ends the answer in any case.
    pub fn new(stop: &Stop, prefix: &str, also: Option<&str>) -> Self {
        let mut stops: Vec<String> = match stop {
            Stop::RustBlock => {
                return Self::RustBlock {
                    text: prefix.to_owned(),
                    start: prefix.len(),
                    depth: open_blocks(prefix),
                };
            }
            Stop::Texts(texts) => texts.iter().filter(|t| !t.is_empty()).cloned().collect(),
            Stop::None => Vec::new(),
        };
        stops.extend(also.map(str::to_owned));
        if stops.is_empty() {
            Self::Never
        } else {
            Self::Texts {
                stops,
                held: String::new(),
            }
        }
    }

    pub fn feed(&mut self, piece: String) -> Watched {
        match self {
            Self::Never => Watched {
                release: piece,
                met: false,
            },
            Self::Texts { stops, held } => {
                held.push_str(&piece);
                let met = stops.iter().filter_map(|stop| held.find(stop)).min();
                let keep = met.unwrap_or_else(|| held.len() - doubtful(held, stops));
                let rest = held.split_off(keep);
                let release = std::mem::replace(held, rest);
                Watched {
                    release,
                    met: met.is_some(),
                }
            }
            Self::RustBlock { text, start, depth } => {
                let from = text.len();
                text.push_str(&piece);
                let end = end_of_block(text, *start, *depth);
                let release = match end {
                    // A brace that an earlier piece had left in doubt lies before this piece.
                    Some(end) => text.get(from..end.max(from)).unwrap_or_default().to_owned(),
                    None => piece,
                };
                Watched {
                    release,
                    met: end.is_some(),
                }
            }
        }
    }

    /// What was held back, once no more text comes.
    pub fn rest(&mut self) -> String {
        match self {
            Self::Texts { held, .. } => std::mem::take(held),
            Self::Never | Self::RustBlock { .. } => String::new(),
        }
    }
}

/// How many bytes at the end of `text` could be the start of one of `stops`.
fn doubtful(text: &str, stops: &[String]) -> usize {
    let starts = |stop: &String| {
        (1..stop.len())
            .rev()
            .filter(|length| stop.is_char_boundary(*length))
            .find(|length| stop.get(..*length).is_some_and(|s| text.ends_with(s)))
    };
    stops.iter().filter_map(starts).max().unwrap_or(0)
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
mod tests {
    use super::StopWatch;
    use crate::wire::engine::Stop;

    fn run(watch: &mut StopWatch, pieces: &[&str]) -> (String, bool) {
        let mut out = String::new();
        for piece in pieces {
            let watched = watch.feed((*piece).to_owned());
            out.push_str(&watched.release);
            if watched.met {
                return (out, true);
            }
        }
        out.push_str(&watch.rest());
        (out, false)
    }

    #[test]
    fn a_stop_text_is_found_across_pieces_and_left_out() {
        let stop = Stop::Texts(vec!["\n```".into(), "END".into()]);
        let mut watch = StopWatch::new(&stop, "", None);
        assert_eq!(
            run(&mut watch, &["a\n`", "b\n", "``", "`c"]),
            ("a\n`b".into(), true)
        );
        let mut watch = StopWatch::new(&stop, "", None);
        assert_eq!(
            run(&mut watch, &["xE", "N", "xEN"]),
            ("xENxEN".into(), false)
        );
    }

    #[test]
    fn the_brace_that_closes_the_prefix_is_the_last_byte() {
        let mut watch = StopWatch::new(&Stop::RustBlock, "impl A {\n fn f(&self) {", None);
        let pieces = [
            "\n let c = '",
            "}",
            "'; if a { b",
            "() }",
            "\n}}\n}",
            "more",
        ];
        assert_eq!(
            run(&mut watch, &pieces),
            ("\n let c = '}'; if a { b() }\n}".into(), true)
        );
        let mut watch = StopWatch::new(&Stop::RustBlock, "fn a() {}", None);
        assert_eq!(
            run(&mut watch, &["\nfn b() {", " } }"]),
            ("\nfn b() { }".into(), true)
        );
    }
}
