// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn keep(&mut self) -> bool
// tries: keeps a reference to the object for later
// refused: compile: lifetime or E0521 or borrowed

impl Account {
    pub fn keep(&mut self) -> bool {
        fn forever(account: &'static mut Account) -> bool {
            account.count > 0
        }
        let kept = forever(self);
        self.mark_changed();
        kept
    }
}
