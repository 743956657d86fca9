// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the same through `core`
// refused: forbidden: `core::arch::wasm32::memory_grow`

impl Account {
    pub fn go(&self) -> i64 {
        core::arch::wasm32::memory_grow(0, 4096) as i64
    }
}
