// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a destructor at the end of the last expression puts an unmarked copy in place
// refused: sandbox: unmarked change

impl Account {
    pub fn bump(&mut self) -> i64 {
        struct Late<'a>(&'a mut Account, Account);
        impl Drop for Late<'_> {
            fn drop(&mut self) {
                std::mem::swap(self.0, &mut self.1);
            }
        }
        let other = Account { count: 7, ..self.clone() };
        self.mark_changed();
        Late(self, other).1.count
    }
}
