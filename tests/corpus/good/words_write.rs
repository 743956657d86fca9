// struct: Text { body: String }
// signature: fn table(&mut self, rows: Vec<(String, f64)>) -> Result<usize, String>
// shows: `write!` with `?`
// check: {"args": [[["pi", 3.14159]]], "returns": {"Ok": 18}, "after": {"body": "pi      |   3.142\n"}}

impl Text {
    pub fn table(&mut self, rows: Vec<(String, f64)>) -> Result<usize, String> {
        use std::fmt::Write;
        for (name, value) in &rows {
            writeln!(self.body, "{:<8}|{:>8.3}", name, value).map_err(|error| error.to_string())?;
        }
        let length = self.body.len();
        self.mark_changed();
        Ok(length)
    }
}
