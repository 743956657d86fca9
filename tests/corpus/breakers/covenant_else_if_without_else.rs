// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn shift(&mut self, n: i64)
// tries: no branch is taken when the number is zero
// refused: covenant: when no condition holds

impl Account {
    pub fn shift(&mut self, n: i64) {
        self.items.push(n);
        if n > 0 {
            self.count += n;
            self.mark_changed();
        } else if n < 0 {
            self.count -= n;
            self.mark_changed();
        }
    }
}
