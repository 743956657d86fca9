// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a carriage return that lets a comment look ended
// refused: syntax: U+000D

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        // the mark follows        self.mark_changed();
        self.count
    }
}
