// struct: List { items: Vec<i64> }
// signature: fn drain_until(&mut self, limit: i64) -> Vec<i64>
// shows: `while let` with a condition inside
// check: {"slots": {"items": [1, 2, 3, 4]}, "args": [6], "returns": [4, 3], "after": {"items": [1, 2]}}

impl List {
    pub fn drain_until(&mut self, limit: i64) -> Vec<i64> {
        let mut taken = Vec::new();
        let mut total = 0;
        while let Some(last) = self.items.last().copied() {
            total += last;
            if total > limit + 1 {
                break;
            }
            taken.push(last);
            self.items.pop();
        }
        self.mark_changed();
        taken
    }
}
