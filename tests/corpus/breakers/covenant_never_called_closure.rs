// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a closure would mark if anybody called it
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        let seen = self.count;
        let _finish = || {
            self.mark_changed();
        };
        seen
    }
}
