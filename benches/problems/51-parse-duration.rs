impl Durations {
    pub fn seconds(&self, text: &str) -> Result<i64, String> {
        let mut total = 0;
        let mut number = String::new();
        let mut previous = 0;
        for letter in text.chars() {
            if letter.is_ascii_digit() {
                number.push(letter);
                continue;
            }
            let (rank, factor) = match letter {
                'h' => (1, 3600),
                'm' => (2, 60),
                's' => (3, 1),
                _ => return Err(format!("`{letter}` is no unit")),
            };
            if rank <= previous {
                return Err(format!("`{letter}` stands in the wrong place"));
            }
            let amount: i64 = number
                .parse()
                .map_err(|_| "there is no number before a unit".to_string())?;
            total += amount * factor;
            previous = rank;
            number.clear();
        }
        if previous == 0 || !number.is_empty() {
            return Err("a unit is missing".to_string());
        }
        Ok(total)
    }
}
