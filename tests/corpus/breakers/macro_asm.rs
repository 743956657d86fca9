// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: inline assembly
// refused: forbidden: is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        core::arch::asm!("unreachable");
        1
    }
}
