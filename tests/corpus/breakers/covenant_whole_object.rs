// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn start_over(&mut self)
// tries: puts another object in the place of this one
// refused: covenant: the method ends here without

impl Account {
    pub fn start_over(&mut self) {
        *self = Account { count: 0, ..self.clone() };
    }
}
