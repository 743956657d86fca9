// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a name of the compiler's own
// refused: forbidden: the name `__rust_alloc` belongs to the system

impl Account {
    pub fn go(&self) -> i64 {
        fn __rust_alloc(_size: usize, _align: usize) -> i64 {
            1
        }
        __rust_alloc(1, 1)
    }
}
