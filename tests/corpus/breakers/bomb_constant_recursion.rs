// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> u64
// tries: a constant function without an end
// refused: compile: E0080 or stack or const_err

impl Account {
    pub fn go(&self) -> u64 {
        const fn down(n: u64) -> u64 {
            down(n + 1) + 1
        }
        const DEEP: u64 = down(0);
        DEEP
    }
}
