// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self, n: i64) -> String
// tries: leaves the method from within a macro's argument
// refused: forbidden: leaves the method or a loop

impl Account {
    pub fn bump(&mut self, n: i64) -> String {
        self.count += n;
        let text = format!("{}", if n > 3 { return String::new() } else { n });
        self.mark_changed();
        text
    }
}
