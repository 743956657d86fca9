// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: reads memory at an address
// refused: forbidden: `unsafe` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        unsafe { *(0x400 as *const i64) }
    }
}
