// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn label(&mut self, text: String) -> String
// tries: `get_or_insert` fills a slot
// refused: covenant: the method returns this without

impl Account {
    pub fn label(&mut self, text: String) -> String {
        self.note.get_or_insert(text).clone()
    }
}
