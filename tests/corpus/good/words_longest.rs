// struct: Text { body: String }
// signature: fn longest(&self) -> Option<String>
// shows: `max_by` and unicode
// check: {"slots": {"body": "a größte bb"}, "returns": "größte"}
// check: {"returns": null}

impl Text {
    pub fn longest(&self) -> Option<String> {
        self.body
            .split_whitespace()
            .max_by_key(|word| word.chars().count())
            .map(str::to_owned)
    }
}
