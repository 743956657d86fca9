// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> u64
// tries: a constant that never is computed
// refused: compile: const or stopped

impl Account {
    pub fn go(&self) -> u64 {
        const ENDLESS: u64 = {
            let mut n = 0u64;
            while n < u64::MAX {
                n += 1;
            }
            n
        };
        ENDLESS
    }
}
