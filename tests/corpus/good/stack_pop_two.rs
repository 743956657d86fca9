// struct: Stack { items: Vec<i64> }
// signature: fn add(&mut self) -> Option<i64>
// shows: `?` on options takes back what was popped before
// check: {"slots": {"items": [1, 2, 3]}, "returns": 5, "after": {"items": [1, 5]}}
// check: {"slots": {"items": [4]}, "returns": null, "after": {"items": [4]}}

impl Stack {
    pub fn add(&mut self) -> Option<i64> {
        let b = self.items.pop()?;
        let a = self.items.pop()?;
        let sum = a.checked_add(b)?;
        self.items.push(sum);
        self.mark_changed();
        Some(sum)
    }
}
