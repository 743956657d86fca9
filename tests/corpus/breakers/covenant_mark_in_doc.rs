// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: the mark is the text of a doc attribute
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        #[doc = "self.mark_changed();"]
        fn helper() {}
        helper();
        self.count
    }
}
