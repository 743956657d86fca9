impl CsvLine {
    pub fn fields(&self, line: &str) -> Vec<String> {
        let mut fields = Vec::new();
        let mut field = String::new();
        let mut quoted = false;
        let mut begun = false;
        let mut letters = line.chars().peekable();
        while let Some(letter) = letters.next() {
            if quoted {
                if letter != '"' {
                    field.push(letter);
                } else if letters.peek() == Some(&'"') {
                    letters.next();
                    field.push('"');
                } else {
                    quoted = false;
                }
            } else if letter == ',' {
                fields.push(std::mem::take(&mut field));
                begun = false;
                continue;
            } else if letter == '"' && !begun {
                quoted = true;
            } else {
                field.push(letter);
            }
            begun = true;
        }
        fields.push(field);
        fields
    }
}
