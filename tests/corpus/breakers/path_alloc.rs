// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the allocator itself
// refused: forbidden: `std::alloc::Layout

impl Account {
    pub fn go(&self) -> i64 {
        std::alloc::Layout::new::<[u8; 1 << 30]>().size() as i64
    }
}
