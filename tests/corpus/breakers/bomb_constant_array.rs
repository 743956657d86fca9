// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> u8
// tries: a constant of more bytes than there are
// refused: compile: too big or E0080

impl Account {
    pub fn go(&self) -> u8 {
        const HUGE: [u8; 1 << 31] = [1; 1 << 31];
        HUGE[self.count as usize]
    }
}
