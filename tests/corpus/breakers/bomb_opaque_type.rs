// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a hidden type that is a pair of itself
// refused: compile: E0720

impl Account {
    pub fn go(&self) -> usize {
        fn twice() -> impl Sized {
            (twice(), twice())
        }
        std::mem::size_of_val(&twice())
    }
}
