//! Tokens are bytes; text is characters. Holds back the start of a character until its last byte has come.

/// The bytes of a character that is not whole yet.
#[derive(Debug, Default)]
pub struct Utf8 {
    pending: Vec<u8>,
}

impl Utf8 {
    /// The text that is whole with these bytes. Bytes that can belong to no character become U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.pending) {
                Ok(whole) => {
                    text.push_str(whole);
                    self.pending.clear();
                    return text;
                }
                Err(error) => {
                    let (whole, _) = self.pending.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(whole));
                    let Some(wrong) = error.error_len() else {
                        self.pending.drain(..error.valid_up_to());
                        return text;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.pending.drain(..error.valid_up_to() + wrong);
                }
            }
        }
    }

    /// What is left when no more bytes come.
    pub fn finish(&mut self) -> String {
        let rest = String::from_utf8_lossy(&self.pending).into_owned();
        self.pending.clear();
        rest
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]
mod tests {
    use super::Utf8;

    #[test]
    fn a_character_comes_out_whole_and_once() {
        let mut utf8 = Utf8::default();
        assert_eq!(utf8.push(b"a\xE2\x82"), "a");
        assert_eq!(utf8.push(b"\xAC!"), "\u{20AC}!");
        assert_eq!(utf8.push(b"\xF0\x9F"), "");
        assert_eq!(utf8.finish(), "\u{FFFD}");
        assert_eq!(utf8.finish(), "");
    }

    #[test]
    fn wrong_bytes_are_replaced_and_do_not_hold_up_the_rest() {
        let mut utf8 = Utf8::default();
        assert_eq!(utf8.push(b"\xFFb\xC0c"), "\u{FFFD}b\u{FFFD}c");
        assert_eq!(utf8.push(b"\xE2x"), "\u{FFFD}x");
    }
}
