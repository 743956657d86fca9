//! Text for terminals that show ASCII only: each character becomes one that is as wide.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Lines, marks and bars that the workbench draws with, and what stands for them.
const INSTEAD: [(&str, &str); 37] = [
    ("─", "-"),
    ("│", "|"),
    ("┬", "+"),
    ("┼", "+"),
    ("┤", "+"),
    ("├", "+"),
    ("┌", "+"),
    ("┐", "+"),
    ("┘", "+"),
    ("└", "`"),
    ("╰", "`"),
    ("━", "="),
    ("┃", "#"),
    ("✓", "+"),
    ("✗", "x"),
    ("▸", ">"),
    ("›", ">"),
    ("●", "*"),
    ("·", "."),
    ("…", "~"),
    ("→", ">"),
    ("←", "<"),
    ("↑", "^"),
    ("↓", "v"),
    ("↻", "@"),
    ("▁", "."),
    ("▂", "."),
    ("▃", ":"),
    ("▄", ":"),
    ("▅", "|"),
    ("▆", "|"),
    ("▇", "#"),
    ("█", "#"),
    ("×", "x"),
    ("\u{201c}", "\""),
    ("\u{201d}", "\""),
    ("\u{2019}", "'"),
];

pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        if grapheme.is_ascii() {
            out.push_str(grapheme);
        } else if let Some((_, instead)) = INSTEAD.iter().find(|(glyph, _)| *glyph == grapheme) {
            out.push_str(instead);
        } else {
            out.extend(std::iter::repeat_n('?', grapheme.width()));
        }
    }
    Cow::Owned(out)
}
