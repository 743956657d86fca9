// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self, n: i64) -> i64
// tries: an arm that cannot be reached, and is
// refused: sandbox: panic
// check: {"args": [4]}

impl Account {
    pub fn bump(&mut self, n: i64) -> i64 {
        self.count += n;
        match n {
            0..=3 => {
                self.mark_changed();
                self.count
            }
            _ => unreachable!("never more than three"),
        }
    }
}
