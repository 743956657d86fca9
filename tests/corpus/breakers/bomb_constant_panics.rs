// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: a constant past the end of an array
// refused: compile: E0080 or const_err

impl Account {
    pub fn go(&self) -> usize {
        const TABLE: [usize; 2] = [1, 2];
        const PAST: usize = TABLE[TABLE[1]];
        PAST
    }
}
