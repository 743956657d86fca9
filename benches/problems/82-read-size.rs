impl SizeText {
    pub fn read(&self, text: &str) -> Option<(u64, u64)> {
        let (left, right) = text.split_once('x')?;
        let number = |part: &str| -> Option<u64> {
            if part.chars().all(|letter| letter.is_ascii_digit()) {
                part.parse().ok()
            } else {
                None
            }
        };
        Some((number(left)?, number(right)?))
    }
}
