// struct: Parser { seen: u32 }
// signature: fn parse(&mut self, text: &str) -> Result<Option<i64>, String>
// shows: `Ok(None)` is an ordinary result and needs its mark
// check: {"args": [" "], "returns": {"Ok": null}, "after": {"seen": 1}}
// check: {"args": ["12"], "returns": {"Ok": 12}}
// check: {"args": ["x"], "error": true}

impl Parser {
    pub fn parse(&mut self, text: &str) -> Result<Option<i64>, String> {
        self.seen += 1;
        let text = text.trim();
        if text.is_empty() {
            self.mark_changed();
            return Ok(None);
        }
        let number: i64 = text.parse().map_err(|error| format!("{text}: {error}"))?;
        self.mark_changed();
        Ok(Some(number))
    }
}
