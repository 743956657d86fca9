// struct: Note { text: Option<String> }
// signature: fn shout(&mut self) -> usize
// shows: `if let` with `else`, each with its mark
// check: {"slots": {"text": "hey"}, "returns": 4, "after": {"text": "HEY!"}}
// check: {"returns": 0, "after": {"text": ""}}

impl Note {
    pub fn shout(&mut self) -> usize {
        if let Some(text) = &mut self.text {
            text.make_ascii_uppercase();
            text.push('!');
            let length = text.len();
            self.mark_changed();
            length
        } else {
            self.text = Some(String::new());
            self.mark_changed();
            0
        }
    }
}
