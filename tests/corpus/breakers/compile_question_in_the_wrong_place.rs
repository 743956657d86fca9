// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn first(&mut self) -> i64
// tries: `?` in a method that returns neither `Result` nor `Option`
// refused: compile: E0277

impl Account {
    pub fn first(&mut self) -> i64 {
        let first = self.items.pop()?;
        self.mark_changed();
        first
    }
}
