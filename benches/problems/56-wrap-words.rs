impl TextWrap {
    pub fn wrap(&self, text: &str, width: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line: Vec<char> = Vec::new();
        for word in text.split_whitespace() {
            let mut word: Vec<char> = word.chars().collect();
            if !line.is_empty() {
                if line.len() + 1 + word.len() <= width {
                    line.push(' ');
                } else {
                    lines.push(line.drain(..).collect());
                }
            }
            while word.len() > width {
                lines.push(word.drain(..width).collect());
            }
            line.extend(word);
        }
        if !line.is_empty() {
            lines.push(line.into_iter().collect());
        }
        lines
    }
}
