// struct: Stack { items: Vec<i64> }
// signature: fn push(&mut self, item: i64) -> usize
// shows: pushes and tells the size
// check: {"args": [7], "returns": 1, "after": {"items": [7]}}

impl Stack {
    pub fn push(&mut self, item: i64) -> usize {
        self.items.push(item);
        self.mark_changed();
        self.items.len()
    }
}
