impl RunLength {
    pub fn decode(&self, text: &str) -> Result<String, String> {
        let mut result = String::new();
        let mut count: Option<usize> = None;
        for letter in text.chars() {
            if let Some(digit) = letter.to_digit(10) {
                count = Some(count.unwrap_or(0) * 10 + digit as usize);
            } else {
                for _ in 0..count.unwrap_or(1) {
                    result.push(letter);
                }
                count = None;
            }
        }
        match count {
            Some(_) => Err("a number has no character behind it".to_string()),
            None => Ok(result),
        }
    }
}
