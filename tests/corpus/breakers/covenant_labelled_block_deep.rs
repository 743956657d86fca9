// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn limit(&mut self, most: i64) -> i64
// tries: the same, out of a `match` in a loop
// refused: covenant: the method returns this without

impl Account {
    pub fn limit(&mut self, most: i64) -> i64 {
        self.count += 1;
        'done: {
            for item in &self.items {
                match *item {
                    n if n > most => break 'done n,
                    _ => continue,
                }
            }
            self.mark_changed();
            self.count
        }
    }
}
