// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self)
// tries: panics while it panics
// refused: sandbox: panic or trap

impl Account {
    pub fn go(&self) {
        struct Late;
        impl Drop for Late {
            fn drop(&mut self) {
                panic!("once more");
            }
        }
        let _late = Late;
        panic!("once");
    }
}
