impl Template {
    pub fn fill(&self, text: &str, values: BTreeMap<String, String>) -> Result<String, String> {
        let mut result = String::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' if letters.peek() == Some(&'{') => {
                    letters.next();
                    result.push('{');
                }
                '{' => {
                    let mut name = String::new();
                    loop {
                        match letters.next() {
                            Some('}') => break,
                            Some(letter) => name.push(letter),
                            None => return Err("a brace stays open".to_string()),
                        }
                    }
                    match values.get(&name) {
                        Some(value) => result.push_str(value),
                        None => return Err(format!("there is no value for {name}")),
                    }
                }
                '}' if letters.peek() == Some(&'}') => {
                    letters.next();
                    result.push('}');
                }
                '}' => return Err("a brace closes nothing".to_string()),
                other => result.push(other),
            }
        }
        Ok(result)
    }
}
