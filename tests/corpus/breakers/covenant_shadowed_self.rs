// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: marks a copy under another name
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        let mut this = self.clone();
        self.count += 1;
        this.mark_changed();
        self.count
    }
}
