// struct: Note { text: Option<String> }
// signature: fn first_line(&mut self) -> Result<String, String>
// shows: `let … else` with an `Err`
// needs: 1.65
// check: {"slots": {"text": "a\nb"}, "returns": {"Ok": "a"}, "after": {"text": "b"}}
// check: {"error": true}

impl Note {
    pub fn first_line(&mut self) -> Result<String, String> {
        let Some(text) = self.text.take() else {
            return Err("there is no text".to_string());
        };
        let (line, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let line = line.to_string();
        self.text = Some(rest.to_string());
        self.mark_changed();
        Ok(line)
    }
}
