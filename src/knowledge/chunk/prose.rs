//! Paragraphs under headings, and sentences.

use unicode_segmentation::UnicodeSegmentation as _;

use super::{Format, MOST, Piece, TARGET};

/// Paragraphs, each with the headings above it. Fenced code is one paragraph; a page of a PDF is a heading.
pub(super) fn pieces(format: Format, text: &str) -> Vec<Piece> {
    let mut reader = Reader {
        format,
        pieces: Vec::new(),
        headings: Vec::new(),
        fence: None,
        opens: true,
        page: 1,
    };
    if format == Format::Pdf {
        reader.headings = vec![(1, "page 1".to_owned())];
    }
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let end = at + line.len();
        reader.line(line, lines.peek().copied(), at, end);
        at = end;
    }
    reader.close(text.len());
    reader.pieces
}

struct Reader {
    format: Format,
    pieces: Vec<Piece>,
    /// The headings that hold, with their levels.
    headings: Vec<(usize, String)>,
    /// What the fence that is open began with.
    fence: Option<String>,
    /// The next piece stands by itself.
    opens: bool,
    page: u32,
}

impl Reader {
    fn line(&mut self, line: &str, next: Option<&str>, at: usize, end: usize) {
        let bare = line.trim();
        if self.format == Format::Pdf && line.contains('\u{c}') {
            self.close(at);
            self.page += 1;
            self.headings = vec![(1, format!("page {}", self.page))];
            self.opens = true;
            return;
        }
        if self.format == Format::Markdown {
            if let Some(fence) = &self.fence {
                if bare.starts_with(fence.as_str()) {
                    self.fence = None;
                }
                return;
            }
            if let Some(mark) = ["```", "~~~"]
                .into_iter()
                .find(|mark| bare.starts_with(mark))
            {
                self.fence = Some(mark.to_owned());
                return;
            }
            if let Some((level, title)) = heading(line, next) {
                self.close(at);
                self.headings.retain(|(known, _)| *known < level);
                self.headings.push((level, title));
                self.opens = true;
                return;
            }
        }
        if bare.is_empty() {
            self.close(end);
        }
    }

    /// Ends the piece that is open, if anything is in it.
    fn close(&mut self, end: usize) {
        let start = self.pieces.last().map_or(0, |piece| piece.end);
        if end <= start {
            return;
        }
        let titles: Vec<&str> = self
            .headings
            .iter()
            .map(|(_, title)| title.as_str())
            .collect();
        self.pieces.push(Piece {
            end,
            heading: titles.join(" > "),
            opens: std::mem::take(&mut self.opens),
        });
    }
}

/// `## Title`, or a line that the next one underlines.
fn heading(line: &str, next: Option<&str>) -> Option<(usize, String)> {
    let bare = line.trim();
    let level = bare.bytes().take_while(|byte| *byte == b'#').count();
    if (1..=6).contains(&level) && !line.starts_with("    ") {
        let title = bare.get(level..)?;
        if title.is_empty() || title.starts_with([' ', '\t']) {
            let title = title.trim().trim_end_matches('#').trim_end();
            return Some((level, title.to_owned()));
        }
    }
    let under = next?.trim();
    let underlined = |mark: char| under.len() >= 3 && under.chars().all(|letter| letter == mark);
    if bare.is_empty() || bare.starts_with(['-', '*', '>', '|', '=']) {
        return None;
    }
    match (underlined('='), underlined('-')) {
        (true, _) => Some((1, bare.to_owned())),
        (_, true) => Some((2, bare.to_owned())),
        _ => None,
    }
}

/// Cuts what is too long for one chunk: between sentences and lines, else between words, else between letters.
pub(super) fn cut(text: &str) -> Vec<&str> {
    if text.len() <= MOST {
        return if text.is_empty() {
            Vec::new()
        } else {
            vec![text]
        };
    }
    let mut ends: Vec<usize> = Vec::new();
    for (at, sentence) in text.split_sentence_bound_indices() {
        if sentence.len() <= MOST {
            ends.push(at + sentence.len());
            continue;
        }
        for (word_at, word) in sentence.split_word_bound_indices() {
            let end = at + word_at + word.len();
            if word.len() > MOST {
                let start = at + word_at;
                ends.extend(
                    (1..=word.len() / TARGET)
                        .map(|part| start + word.floor_char_boundary(part * TARGET)),
                );
            }
            ends.push(end);
        }
    }
    let mut parts = Vec::new();
    let (mut start, mut last) = (0, 0);
    for end in ends {
        if end - start > TARGET && last > start {
            parts.extend(text.get(start..last));
            start = last;
        }
        last = end;
    }
    parts.extend(text.get(start..));
    parts.retain(|part| !part.is_empty());
    parts
}
