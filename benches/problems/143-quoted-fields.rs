impl FieldSplitter {
    pub fn fields(&self, line: &str) -> Vec<String> {
        let mut result = Vec::new();
        let mut field = String::new();
        let mut quoted = false;
        for letter in line.chars() {
            if letter == '"' {
                quoted = !quoted;
            } else if letter == ',' && !quoted {
                result.push(field);
                field = String::new();
            } else {
                field.push(letter);
            }
        }
        result.push(field);
        result
    }
}
