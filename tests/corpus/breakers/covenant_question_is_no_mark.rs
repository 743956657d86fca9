// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn parse(&mut self, text: &str) -> Result<i64, String>
// tries: hopes that a `?` on the way stands for the mark
// refused: covenant: the method returns this without

impl Account {
    pub fn parse(&mut self, text: &str) -> Result<i64, String> {
        self.count = text.parse::<i64>().map_err(|error| error.to_string())?;
        Ok(self.count)
    }
}
