// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a loop without end
// refused: sandbox: fuel or deadline

impl Account {
    pub fn go(&self) -> i64 {
        let mut n = self.count;
        loop {
            n = n.wrapping_mul(31).wrapping_add(7);
            if n == 1 && self.items.len() == 9 {
                return n;
            }
        }
    }
}
