impl StackCalc {
    pub fn evaluate(&self, tokens: Vec<String>) -> Option<isize> {
        let mut stack: Vec<isize> = Vec::new();
        for token in &tokens {
            let value = match token.as_str() {
                "+" | "-" | "*" => {
                    let top = stack.pop()?;
                    let below = stack.pop()?;
                    match token.as_str() {
                        "+" => below + top,
                        "-" => below - top,
                        _ => below * top,
                    }
                }
                number => number.parse().ok()?,
            };
            stack.push(value);
        }
        if stack.len() == 1 {
            stack.pop()
        } else {
            None
        }
    }
}
