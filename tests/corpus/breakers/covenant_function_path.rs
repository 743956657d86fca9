// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn keep(&mut self, n: i64)
// tries: calls a changing method by its path
// refused: covenant: the method ends here without

impl Account {
    pub fn keep(&mut self, n: i64) {
        Vec::push(&mut self.items, n);
        Extend::extend(&mut self.log, [n.to_string()]);
    }
}
