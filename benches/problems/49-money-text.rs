impl MoneyText {
    pub fn format(&self, cents: i64) -> String {
        let all = cents.unsigned_abs();
        let whole = (all / 100).to_string();
        let mut text = String::new();
        if cents < 0 {
            text.push('-');
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        format!("{}.{:02}", text, all % 100)
    }
}
