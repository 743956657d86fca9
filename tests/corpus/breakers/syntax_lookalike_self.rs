// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: marks a `ѕelf` that is another variable
// refused: syntax: U+0455

impl Account {
    pub fn bump(&mut self) -> i64 {
        let mut ѕelf = self.clone();
        self.count += 1;
        ѕelf.mark_changed();
        self.count
    }
}
