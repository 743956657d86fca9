// struct: Stack { items: Vec<f64> }
// signature: fn calculate(&mut self, line: &str) -> Result<f64, String>
// shows: `?` on results, a helper closure with `?` of its own, `match` on text
// check: {"args": ["3 4 + 2 *"], "returns": {"Ok": 14}, "after": {"items": [14]}}
// check: {"args": ["1 +"], "returns": {"Err": "the stack is empty"}, "after": {"items": []}}
// check: {"args": ["x"], "error": true}

impl Stack {
    pub fn calculate(&mut self, line: &str) -> Result<f64, String> {
        for word in line.split_whitespace() {
            let mut two = || -> Result<(f64, f64), String> {
                let b = self.items.pop().ok_or("the stack is empty")?;
                let a = self.items.pop().ok_or("the stack is empty")?;
                Ok((a, b))
            };
            let value = match word {
                "+" => two().map(|(a, b)| a + b)?,
                "-" => two().map(|(a, b)| a - b)?,
                "*" => two().map(|(a, b)| a * b)?,
                "/" => {
                    let (a, b) = two()?;
                    if b == 0.0 {
                        return Err("division by zero".to_string());
                    }
                    a / b
                }
                number => number.parse::<f64>().map_err(|_| format!("`{}` is no number", number))?,
            };
            self.items.push(value);
        }
        let top = self.items.last().copied().unwrap_or(0.0);
        self.mark_changed();
        Ok(top)
    }
}
