// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: closures around closures without an end
// refused: compile: recursion limit or E0275 or type-length limit or E0720 or overflow

impl Account {
    pub fn go(&self) -> i64 {
        fn wrap(n: i64, inner: impl Fn() -> i64 + Clone) -> i64 {
            if n == 0 {
                inner()
            } else {
                let deeper = inner.clone();
                wrap(n - 1, move || inner() + deeper())
            }
        }
        wrap(self.count, || 1)
    }
}
