// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a zero-width space in the name of the mark
// refused: syntax: U+200B

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        self.mark​_changed();
        self.count
    }
}
