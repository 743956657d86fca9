// struct: Counter { count: u64, limit: u64 }
// signature: fn tick(&mut self) -> bool
// shows: an early return with a mark of its own
// check: {"slots": {"count": 1, "limit": 3}, "returns": true, "after": {"count": 2}}
// check: {"slots": {"count": 3, "limit": 3}, "returns": false, "after": {"count": 0}}

impl Counter {
    pub fn tick(&mut self) -> bool {
        if self.count >= self.limit {
            self.count = 0;
            self.mark_changed();
            return false;
        }
        self.count += 1;
        self.mark_changed();
        true
    }
}
