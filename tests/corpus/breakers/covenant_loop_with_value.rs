// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn find(&mut self, wanted: i64) -> i64
// tries: a `break` with a value is the way out of the last `loop`
// refused: covenant: the method returns this without

impl Account {
    pub fn find(&mut self, wanted: i64) -> i64 {
        let mut at = 0;
        loop {
            self.count += 1;
            if at >= self.items.len() || self.items[at] == wanted {
                break self.count;
            }
            at += 1;
        }
    }
}
