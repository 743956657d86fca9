// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: the mark is a comment
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        // self.mark_changed();
        /* self.mark_changed(); */
        self.count
    }
}
