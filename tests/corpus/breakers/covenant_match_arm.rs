// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn grade(&mut self, points: i64) -> String
// tries: one arm of the last `match` forgets the mark
// refused: covenant: this arm returns without

impl Account {
    pub fn grade(&mut self, points: i64) -> String {
        self.count += points;
        match self.count {
            0..=9 => {
                self.mark_changed();
                "low".to_string()
            }
            10..=99 => "middle".to_string(),
            _ => {
                self.mark_changed();
                "high".to_string()
            }
        }
    }
}
