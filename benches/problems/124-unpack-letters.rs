impl Unpacker {
    pub fn unpack(&self, text: &str) -> String {
        let mut result = String::new();
        let mut number: Option<usize> = None;
        for letter in text.chars() {
            if let Some(digit) = letter.to_digit(10) {
                number = Some(number.unwrap_or(0) * 10 + digit as usize);
            } else {
                for _ in 0..number.unwrap_or(1) {
                    result.push(letter);
                }
                number = None;
            }
        }
        result
    }
}
