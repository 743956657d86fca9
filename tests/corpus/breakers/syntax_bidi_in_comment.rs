// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a comment with characters that reorder what a reader sees
// refused: syntax: U+202E

impl Account {
    pub fn bump(&mut self) -> i64 {
        self.count += 1;
        /* ‮ ;)(degnahc_kram.fles */ self.mark_changed();
        self.count
    }
}
