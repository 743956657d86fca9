impl Calculator {
    pub fn evaluate(&self, text: &str) -> Result<i64, String> {
        let mut stack: Vec<i64> = Vec::new();
        for part in text.split_whitespace() {
            if let Ok(number) = part.parse::<i64>() {
                stack.push(number);
                continue;
            }
            if !["+", "-", "*", "/"].contains(&part) {
                return Err(format!("`{part}` is unknown"));
            }
            let (right, left) = match (stack.pop(), stack.pop()) {
                (Some(right), Some(left)) => (right, left),
                _ => return Err(format!("`{part}` needs two numbers")),
            };
            stack.push(match part {
                "+" => left + right,
                "-" => left - right,
                "*" => left * right,
                _ if right == 0 => return Err("division by zero".to_string()),
                _ => left / right,
            });
        }
        match stack.as_slice() {
            [result] => Ok(*result),
            _ => Err("not exactly one number is left".to_string()),
        }
    }
}
