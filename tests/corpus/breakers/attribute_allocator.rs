// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an allocator of its own
// refused: forbidden: the attribute `global_allocator` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[global_allocator]
        static ALLOCATOR: Vec<u8> = Vec::new();
        1
    }
}
