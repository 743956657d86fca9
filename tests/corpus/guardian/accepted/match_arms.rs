impl Account {
    pub fn apply(&mut self, kind: String, n: i64) -> Result<i64, String> {
        match kind.as_str() {
            "add" => {
                self.count += n;
                self.mark_changed();
                Ok(self.count)
            }
            "sub" if n > 0 => {
                self.count -= n;
                self.mark_changed();
                Ok(self.count)
            }
            "none" => return Err("nothing".to_string()),
            "bad" => panic!("bad kind {}", kind),
            other => Err(format!("unknown kind {other}")),
        }
    }
}
