// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a helper function marks in the method's stead
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        fn finish(account: &mut Account, really: bool) {
            if really {
                account.mark_changed();
            }
        }
        self.count += 1;
        finish(self, false);
        self.count
    }
}
