// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> u8
// tries: forty megabytes of data in the WebAssembly
// refused: compile: stopped

impl Account {
    pub fn go(&self) -> u8 {
        static BIG: [u8; 40 << 20] = [7; 40 << 20];
        BIG[self.count as usize]
    }
}
