impl RomanNumerals {
    pub fn decode(&self, text: &str) -> Result<i64, String> {
        let steps = [
            (1000, "M"),
            (900, "CM"),
            (500, "D"),
            (400, "CD"),
            (100, "C"),
            (90, "XC"),
            (50, "L"),
            (40, "XL"),
            (10, "X"),
            (9, "IX"),
            (5, "V"),
            (4, "IV"),
            (1, "I"),
        ];
        let mut value = 0;
        let mut rest = text;
        for (amount, letters) in steps {
            while let Some(later) = rest.strip_prefix(letters) {
                value += amount;
                rest = later;
            }
        }
        // What was read is right only if writing it gives the same text.
        let mut written = String::new();
        let mut left = value;
        for (amount, letters) in steps {
            while left >= amount {
                written.push_str(letters);
                left -= amount;
            }
        }
        if value == 0 || value > 3999 || written != text {
            return Err(format!("`{text}` is no Roman numeral"));
        }
        Ok(value)
    }
}
