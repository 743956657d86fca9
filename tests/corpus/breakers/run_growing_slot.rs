// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> usize
// tries: the same with a slot, marked as it should be
// refused: sandbox: memory

impl Account {
    pub fn bump(&mut self) -> usize {
        for n in 0..i64::MAX {
            self.log.push(format!("line {n} of a log that nobody will ever read"));
        }
        self.mark_changed();
        self.log.len()
    }
}
