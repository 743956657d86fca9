// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&self) -> usize
// tries: writes through a pointer that a method of std gives
// refused: compile: E0133

impl Account {
    pub fn bump(&self) -> usize {
        let mut copy = self.items.clone();
        copy.as_mut_ptr().write(7);
        copy.len()
    }
}
