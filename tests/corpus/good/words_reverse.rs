// struct: Text { body: String }
// signature: fn reverse(&mut self) -> String
// shows: text by characters, and `mem::take` on a slot
// check: {"slots": {"body": "über 日本"}, "returns": "本日 rebü", "after": {"body": "本日 rebü"}}

impl Text {
    pub fn reverse(&mut self) -> String {
        let body = std::mem::take(&mut self.body);
        self.body = body.chars().rev().collect();
        self.mark_changed();
        self.body.clone()
    }
}
