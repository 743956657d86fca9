// struct: Text { body: String }
// signature: fn title(&self) -> String
// shows: a nested function, `match` on an iterator's first character
// check: {"slots": {"body": "the living IMAGE"}, "returns": "The Living Image"}

impl Text {
    pub fn title(&self) -> String {
        /// The first letter large, the others small.
        fn capital(word: &str) -> String {
            let mut letters = word.chars();
            match letters.next() {
                Some(first) => first.to_uppercase().collect::<String>() + &letters.as_str().to_lowercase(),
                None => String::new(),
            }
        }
        self.body.split(' ').map(capital).collect::<Vec<_>>().join(" ")
    }
}
