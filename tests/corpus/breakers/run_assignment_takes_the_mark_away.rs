// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self)
// tries: the last expression assigns a copy from before the mark
// refused: sandbox: unmarked change

impl Account {
    pub fn bump(&mut self) {
        let other = Account { count: 7, ..self.clone() };
        self.mark_changed();
        *self = other
    }
}
