// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn drain(&mut self)
// tries: an inner loop breaks out of the outer, which looks endless
// refused: covenant: the method ends here without

impl Account {
    pub fn drain(&mut self) {
        'outer: loop {
            loop {
                if self.items.pop().is_none() {
                    break 'outer;
                }
            }
        }
    }
}
