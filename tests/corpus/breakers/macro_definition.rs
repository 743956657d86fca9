// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> i64
// tries: a macro that writes the mark, or does not
// refused: forbidden, covenant: `macro_rules!` is not allowed

impl Account {
    pub fn bump(&mut self) -> i64 {
        macro_rules! finish {
            ($me:ident) => {
                $me.mark_changed()
            };
        }
        self.count += 1;
        finish!(self);
        self.count
    }
}
