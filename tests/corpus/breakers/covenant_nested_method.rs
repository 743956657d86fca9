// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: the mark stands in the method of a type of the body, whose `self` is another
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> i64 {
        struct Helper<'a>(&'a mut Account);
        impl Helper<'_> {
            fn finish(self) {
                let Helper(account) = self;
                account.mark_changed();
            }
        }
        self.count += 1;
        let _later = |account| Helper(account).finish();
        self.count
    }
}
