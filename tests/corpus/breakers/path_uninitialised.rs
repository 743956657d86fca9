// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: reads memory that nobody has written
// refused: forbidden: `std::mem::MaybeUninit

impl Account {
    pub fn go(&self) -> i64 {
        std::mem::MaybeUninit::<[i64; 64]>::uninit().as_ptr() as usize as i64
    }
}
