// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn run(&mut self) -> i64
// tries: the same through two heads, with a value
// refused: covenant: the method returns this without

impl Account {
    pub fn run(&mut self) -> i64 {
        loop {
            self.count += 1;
            for _ in { for _ in { break 3; [1] } {} [1] } {}
        }
    }
}
