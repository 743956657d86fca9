// struct: List { items: Vec<i64> }
// signature: fn differences(&self) -> Vec<i64>
// shows: slice patterns and `windows`
// check: {"slots": {"items": [1, 4, 9, 16]}, "returns": [3, 5, 7]}

impl List {
    pub fn differences(&self) -> Vec<i64> {
        let mut found = Vec::new();
        for pair in self.items.windows(2) {
            if let [a, b] = pair {
                found.push(b - a);
            }
        }
        found
    }
}
