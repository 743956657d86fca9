impl WordPicker {
    pub fn pick(&self, words: Vec<String>, numbers: Vec<usize>) -> Result<String, String> {
        let mut chosen = Vec::new();
        for number in numbers {
            if number == 0 || number > words.len() {
                return Err(format!("there is no word {number}"));
            }
            chosen.push(words[number - 1].clone());
        }
        Ok(chosen.join(" "))
    }
}
