impl Account {
    pub fn caesar(&self, text: String) -> String {
        let shift = self.count.rem_euclid(26) as u8;
        text.chars()
            .map(|c| match c {
                'a'..='z' => ((c as u8 - b'a' + shift) % 26 + b'a') as char,
                'A'..='Z' => ((c as u8 - b'A' + shift) % 26 + b'A') as char,
                _ => c,
            })
            .collect()
    }
}
