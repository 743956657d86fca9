// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a recursion without end
// refused: sandbox: memory or fuel or deadline

impl Account {
    pub fn go(&self) -> i64 {
        fn down(n: i64) -> i64 {
            let deeper = down(n.wrapping_add(1));
            deeper.wrapping_mul(n)
        }
        down(self.count)
    }
}
