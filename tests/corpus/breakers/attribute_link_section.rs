// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: places data in a section that runs at the start
// refused: forbidden: the attribute `link_section` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        #[link_section = ".init_array"]
        static START: fn() = || loop {};
        1
    }
}
