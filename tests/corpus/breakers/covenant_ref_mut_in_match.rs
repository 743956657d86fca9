// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn shout(&mut self) -> bool
// tries: changes text through a pattern
// refused: covenant: the method returns this without

impl Account {
    pub fn shout(&mut self) -> bool {
        match self.note {
            Some(ref mut text) => text.make_ascii_uppercase(),
            None => {}
        }
        self.note.is_some()
    }
}
