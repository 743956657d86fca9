// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an `impl` for every type
// refused: form: stands inside the method

impl Account {
    pub fn go(&self) -> i64 {
        struct Mine;
        impl<T> From<Mine> for Vec<T> {
            fn from(_: Mine) -> Self {
                Vec::new()
            }
        }
        1
    }
}
