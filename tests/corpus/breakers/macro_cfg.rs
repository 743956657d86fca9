// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self)
// tries: marks where `cfg!` says so
// refused: forbidden, covenant: the macro `cfg!` is not allowed

impl Account {
    pub fn bump(&mut self) {
        self.count += 1;
        if cfg!(debug_assertions) {
            self.mark_changed();
        }
    }
}
