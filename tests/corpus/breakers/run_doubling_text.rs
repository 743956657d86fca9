// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a text that doubles
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> usize {
        let mut text = String::from("x");
        for _ in 0..60 {
            text = text.clone() + &text;
        }
        text.len()
    }
}
