// struct: Text { body: String }
// signature: fn is_palindrome(&self) -> bool
// shows: comparing iterators
// check: {"slots": {"body": "A man, a plan, a canal: Panama"}, "returns": true}
// check: {"slots": {"body": "no"}, "returns": false}

impl Text {
    pub fn is_palindrome(&self) -> bool {
        let letters = || self.body.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase());
        letters().eq(letters().rev())
    }
}
