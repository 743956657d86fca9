// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn first_word(&mut self, text: &str) -> String
// tries: a `let … else` leaves with an ordinary value
// refused: covenant: this `return` leaves without

impl Account {
    pub fn first_word(&mut self, text: &str) -> String {
        self.count += 1;
        let Some(word) = text.split_whitespace().next() else {
            return String::new();
        };
        self.note = Some(word.to_string());
        self.mark_changed();
        word.to_string()
    }
}
