impl Brackets {
    pub fn depth(&self, text: &str) -> Result<usize, String> {
        let mut open: Vec<char> = Vec::new();
        let mut deepest = 0;
        for letter in text.chars() {
            match letter {
                '(' => open.push(')'),
                '[' => open.push(']'),
                '{' => open.push('}'),
                ')' | ']' | '}' => {
                    if open.pop() != Some(letter) {
                        return Err(format!("`{letter}` closes nothing"));
                    }
                }
                _ => {}
            }
            deepest = deepest.max(open.len());
        }
        if open.is_empty() {
            Ok(deepest)
        } else {
            Err("a bracket stays open".to_string())
        }
    }
}
