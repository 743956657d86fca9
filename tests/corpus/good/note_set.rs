// struct: Note { text: Option<String>, edits: u32 }
// signature: fn set(&mut self, text: Option<String>) -> Option<String>
// shows: `mem::replace` and options in and out
// check: {"slots": {"text": "old"}, "args": ["new"], "returns": "old", "after": {"text": "new", "edits": 1}}
// check: {"slots": {"text": "old"}, "args": [null], "returns": "old", "after": {"text": null}}

impl Note {
    pub fn set(&mut self, text: Option<String>) -> Option<String> {
        let old = std::mem::replace(&mut self.text, text);
        self.edits += 1;
        self.mark_changed();
        old
    }
}
