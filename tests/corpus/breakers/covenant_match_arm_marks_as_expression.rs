// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn choose(&mut self, first: bool) -> i64
// tries: a tuple holds the mark and the value
// refused: covenant: the method returns this without

impl Account {
    pub fn choose(&mut self, first: bool) -> i64 {
        self.count += 1;
        (self.mark_changed(), if first { 1 } else { 2 }).1
    }
}
