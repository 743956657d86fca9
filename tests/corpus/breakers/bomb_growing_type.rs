// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a function that needs itself for a greater type, and again
// refused: compile: recursion limit or E0275 or type-length limit

impl Account {
    pub fn go(&self) -> i64 {
        fn grow<T>(n: i64, value: T) -> i64 {
            if n == 0 {
                0
            } else {
                grow(n - 1, Some(value))
            }
        }
        grow(self.count, 1u8)
    }
}
