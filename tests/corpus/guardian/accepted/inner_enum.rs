impl Account {
    pub fn evaluate(&self, text: &str) -> Result<i64, String> {
        enum Op { Add, Mul }
        use Op::*;
        let op = match text { "+" => Add, "*" => Mul, _ => return Err("unknown".into()) };
        Ok(self.items.iter().fold(match op { Op::Add => 0, Op::Mul => 1 }, |a, b| match op { Add => a + b, Mul => a * b }))
    }
}
