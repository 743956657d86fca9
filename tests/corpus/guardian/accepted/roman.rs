impl Account {
    pub fn roman(&self, mut n: i64) -> Result<String, String> {
        if !(1..=3999).contains(&n) { return Err(format!("{} is out of range", n)); }
        let table: [(i64, &str); 4] = [(1000, "M"), (900, "CM"), (500, "D"), (1, "I")];
        let mut out = String::new();
        for &(value, text) in table.iter() {
            while n >= value { out += text; n -= value; }
        }
        Ok(out)
    }
}
