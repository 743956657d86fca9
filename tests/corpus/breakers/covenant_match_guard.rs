// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn choose(&mut self, n: i64) -> i64
// tries: the mark stands in a guard that may never be asked
// refused: covenant: this arm returns without

impl Account {
    pub fn choose(&mut self, n: i64) -> i64 {
        self.count += n;
        match n {
            0 => self.count,
            _ if { self.mark_changed(); n > 5 } => 1,
            _ => 2,
        }
    }
}
