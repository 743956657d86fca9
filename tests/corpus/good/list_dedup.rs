// struct: List { items: Vec<i64> }
// signature: fn dedup(&mut self) -> usize
// shows: a set to remember, `retain` with a closure that changes it
// check: {"slots": {"items": [3, 1, 3, 2, 1]}, "returns": 2, "after": {"items": [3, 1, 2]}}

impl List {
    pub fn dedup(&mut self) -> usize {
        let before = self.items.len();
        let mut seen = HashSet::new();
        self.items.retain(|item| seen.insert(*item));
        let gone = before - self.items.len();
        self.mark_changed();
        gone
    }
}
