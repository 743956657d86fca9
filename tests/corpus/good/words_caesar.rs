// struct: Text { body: String }
// signature: fn shifted(&self, by: u8) -> String
// shows: bytes, ranges in patterns, casts
// check: {"slots": {"body": "Hal, xyz!"}, "args": [1], "returns": "Ibm, yza!"}

impl Text {
    pub fn shifted(&self, by: u8) -> String {
        let shift = |letter: u8, first: u8| ((letter - first + by % 26) % 26 + first) as char;
        self.body
            .chars()
            .map(|c| match c {
                'a'..='z' => shift(c as u8, b'a'),
                'A'..='Z' => shift(c as u8, b'A'),
                _ => c,
            })
            .collect()
    }
}
