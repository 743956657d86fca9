// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: sorts by an order that never is one
// refused: sandbox: fuel or deadline or panic

impl Account {
    pub fn go(&self) -> usize {
        let mut turn = 0u64;
        let mut all: Vec<u64> = (0..4_000).collect();
        loop {
            all.sort_by(|_, _| {
                turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (turn >> 63).cmp(&0)
            });
        }
    }
}
