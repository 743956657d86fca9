// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: the inner comment ends, the outer does not: the mark is still in it
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        /* /* the end? */ self.mark_changed(); */
        self.count
    }
}
