// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn bump(&mut self) -> String
// tries: the mark is text between the hashes of a raw string
// refused: covenant: the method returns this without

impl Account {
    pub fn bump(&mut self) -> String {
        self.count += 1;
        r##"quoted "# ;
        self.mark_changed();
        "##.to_string()
    }
}
