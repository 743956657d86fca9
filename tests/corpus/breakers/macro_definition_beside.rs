// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a macro before the `impl` that hides a path
// refused: form, forbidden: `macro_rules!` is not allowed

macro_rules! quit {
    () => {
        std::process::exit(0)
    };
}
impl Account {
    pub fn go(&self) -> i64 {
        quit!()
    }
}
