// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: aliases of aliases, each in a block of its own
// refused: forbidden: `std::fs` is outside

impl Account {
    pub fn go(&self) -> bool {
        use std::fs as a;
        {
            use a as b;
            {
                use b as c;
                c::remove_file("/tmp/x").is_ok()
            }
        }
    }
}
