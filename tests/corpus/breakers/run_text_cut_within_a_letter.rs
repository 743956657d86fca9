// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self, at: usize) -> String
// tries: cuts text within a letter
// refused: sandbox: panic
// check: {"slots": {"note": "über"}, "args": [1]}

impl Account {
    pub fn go(&self, at: usize) -> String {
        let text = self.note.clone().unwrap_or_default();
        text[at..].to_string()
    }
}
