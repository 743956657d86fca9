// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self, quietly: bool) -> bool
// tries: the mark is the right side of an `&&`
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self, quietly: bool) -> bool {
        self.count += 1;
        let told = !quietly && {
            self.mark_changed();
            true
        };
        told
    }
}
