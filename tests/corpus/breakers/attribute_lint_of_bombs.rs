// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: switches off the lint that stops endless constants
// refused: forbidden: the lint `long_running_const_eval`

impl Account {
    pub fn go(&self) -> i64 {
        #[allow(long_running_const_eval)]
        const ENDLESS: u64 = {
            let mut n = 0u64;
            while n < u64::MAX {
                n += 1;
            }
            n
        };
        ENDLESS as i64
    }
}
