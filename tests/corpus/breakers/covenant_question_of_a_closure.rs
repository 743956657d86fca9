// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn pop_two(&mut self) -> Option<i64>
// tries: the only `?` belongs to a closure, not to the method
// refused: covenant: the method returns this without

impl Account {
    pub fn pop_two(&mut self) -> Option<i64> {
        let mut both = || -> Option<i64> { Some(self.items.pop()? + self.items.pop()?) };
        both()
    }
}
