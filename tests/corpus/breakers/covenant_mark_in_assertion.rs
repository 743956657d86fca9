// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: the mark is the condition of a `debug_assert!`, which is not compiled
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        debug_assert!({
            self.mark_changed();
            true
        });
        self.count
    }
}
