// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a macro where an item stands
// refused: forbidden: the macro `global_asm!` is not allowed

impl Account {
    pub fn go(&self) -> i64 {
        global_asm!("nop");
        1
    }
}
