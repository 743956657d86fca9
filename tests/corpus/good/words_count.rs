// struct: Text { body: String }
// signature: fn frequencies(&self) -> HashMap<String, usize>
// shows: a `HashMap` as the result
// check: {"slots": {"body": "to be or not to be"}, "returns": {"to": 2, "be": 2, "or": 1, "not": 1}}

impl Text {
    pub fn frequencies(&self) -> HashMap<String, usize> {
        let mut found = HashMap::new();
        for word in self.body.split(' ').filter(|word| !word.is_empty()) {
            *found.entry(word.to_lowercase()).or_insert(0) += 1;
        }
        found
    }
}
