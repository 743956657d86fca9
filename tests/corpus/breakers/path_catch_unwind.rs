// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> bool
// tries: goes on after a panic
// refused: forbidden: `std::panic::catch_unwind` is outside

impl Account {
    pub fn bump(&mut self) -> bool {
        let ended = std::panic::catch_unwind(|| panic!("no")).is_err();
        self.mark_changed();
        ended
    }
}
