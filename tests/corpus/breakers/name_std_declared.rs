// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: an own type called `std`, to blind the list of paths
// refused: forbidden: `std` cannot be declared anew

impl Account {
    pub fn go(&self) -> i64 {
        #[allow(non_camel_case_types)]
        struct std;
        std::process::exit(0)
    }
}
