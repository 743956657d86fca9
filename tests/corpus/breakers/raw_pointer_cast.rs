// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: makes a shared receiver changeable through a pointer
// refused: forbidden: raw pointers

impl Account {
    pub fn go(&self) -> i64 {
        let me = self as *const Account as *mut Account;
        (*me).count = 7;
        7
    }
}
