// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: `transmute`, imported under another name
// refused: forbidden: `std::mem::transmute` is outside

impl Account {
    pub fn go(&self) -> i64 {
        use std::mem::{swap, transmute as convert};
        let mut a = 1;
        let mut b = 2;
        swap(&mut a, &mut b);
        let convert: fn(f64) -> i64 = |x| x as i64;
        convert(self.balance)
    }
}
