// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a loop without end after the result is there
// refused: sandbox: fuel or deadline

impl Account {
    pub fn bump(&mut self) -> i64 {
        struct Late;
        impl Drop for Late {
            fn drop(&mut self) {
                loop {}
            }
        }
        let _late = Late;
        self.count += 1;
        self.mark_changed();
        self.count
    }
}
