impl LoudWords {
    pub fn shout_last(&self, sentence: &str) -> String {
        match sentence.rsplit_once(' ') {
            Some((start, last)) => format!("{start} {}", last.to_uppercase()),
            None => sentence.to_uppercase(),
        }
    }
}
