// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn limit(&mut self, most: i64) -> i64
// tries: leaves a labelled block before the mark in it
// refused: covenant: the method returns this without

impl Account {
    pub fn limit(&mut self, most: i64) -> i64 {
        self.count += 1;
        'done: {
            if self.count > most {
                break 'done most;
            }
            self.mark_changed();
            self.count
        }
    }
}
