// struct: Stack { items: Vec<i64> }
// signature: fn pop(&mut self) -> Option<i64>
// shows: the last expression itself changes a slot
// check: {"slots": {"items": [1, 2]}, "returns": 2, "after": {"items": [1]}}
// check: {"returns": null}

impl Stack {
    pub fn pop(&mut self) -> Option<i64> {
        self.mark_changed();
        self.items.pop()
    }
}
