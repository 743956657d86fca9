// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn run(&mut self) -> i64
// tries: leaves the loop around a macro from what a `for` in its argument runs over
// refused: forbidden: leaves the method or a loop

impl Account {
    pub fn run(&mut self) -> i64 {
        loop {
            self.count += 1;
            let _ = vec![{ for _ in { break; [1] } {} 1 }];
        }
        self.mark_changed();
        self.count
    }
}
