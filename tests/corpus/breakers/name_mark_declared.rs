// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a method of an own type called like the mark
// refused: forbidden, covenant: `mark_changed` cannot be declared anew

impl Account {
    pub fn bump(&mut self) -> i64 {
        struct Quiet;
        impl Quiet {
            fn mark_changed(&self) {}
        }
        self.count += 1;
        Quiet.mark_changed();
        self.count
    }
}
