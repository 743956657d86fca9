impl HexText {
    pub fn decode(&self, text: &str) -> Result<Vec<u8>, String> {
        let digits = text.strip_prefix("0x").unwrap_or(text);
        let mut bytes = Vec::new();
        let mut high: Option<u32> = None;
        for letter in digits.chars() {
            if letter == ' ' && high.is_none() {
                continue;
            }
            let digit = match letter.to_digit(16) {
                Some(digit) => digit,
                None => return Err(format!("`{letter}` is no hexadecimal digit")),
            };
            match high.take() {
                Some(first) => bytes.push((first * 16 + digit) as u8),
                None => high = Some(digit),
            }
        }
        if high.is_some() {
            return Err("the number of digits is odd".to_string());
        }
        Ok(bytes)
    }
}
