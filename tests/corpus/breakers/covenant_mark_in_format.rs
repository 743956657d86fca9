// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> String
// tries: the mark is an argument of `format!`
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> String {
        self.count += 1;
        format!("{:?}", self.mark_changed())
    }
}
