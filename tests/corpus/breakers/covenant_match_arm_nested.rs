// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn step(&mut self, way: &str, far: bool) -> i64
// tries: the missing mark is in a `match` within an arm within an `if`
// refused: covenant: this arm returns without

impl Account {
    pub fn step(&mut self, way: &str, far: bool) -> i64 {
        self.count += 1;
        if far {
            match way {
                "up" => match self.items.len() {
                    0 => {
                        self.mark_changed();
                        0
                    }
                    _ => self.items[0],
                },
                _ => {
                    self.mark_changed();
                    1
                }
            }
        } else {
            self.mark_changed();
            self.count
        }
    }
}
