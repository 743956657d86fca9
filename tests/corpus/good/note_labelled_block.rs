// struct: Note { text: Option<String> }
// signature: fn kind(&self) -> String
// shows: a labelled block with values
// needs: 1.65
// check: {"slots": {"text": "7"}, "returns": "number"}
// check: {"returns": "nothing"}

impl Note {
    pub fn kind(&self) -> String {
        let kind = 'found: {
            let text = match &self.text {
                Some(text) => text,
                None => break 'found "nothing",
            };
            if text.parse::<f64>().is_ok() {
                break 'found "number";
            }
            "text"
        };
        kind.to_string()
    }
}
