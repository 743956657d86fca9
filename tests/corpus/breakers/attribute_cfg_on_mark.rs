// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a mark that is compiled only where nobody compiles
// refused: forbidden: the attribute `cfg` is not allowed

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        #[cfg(target_os = "none")]
        self.mark_changed();
        self.count
    }
}
