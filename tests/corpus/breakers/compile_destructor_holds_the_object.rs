// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a destructor that would change a slot after the mark
// refused: compile: E0499 or E0502 or E0503

impl Account {
    pub fn bump(&mut self) -> i64 {
        struct Late<'a>(&'a mut i64);
        impl Drop for Late<'_> {
            fn drop(&mut self) {
                *self.0 += 1;
            }
        }
        let _late = Late(&mut self.count);
        self.mark_changed();
        1
    }
}
