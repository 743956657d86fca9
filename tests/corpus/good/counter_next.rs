// struct: Counter { count: u64 }
// signature: fn next(&mut self) -> u64
// shows: the shortest changing method
// check: {"slots": {"count": 4}, "returns": 5, "after": {"count": 5}}

impl Counter {
    pub fn next(&mut self) -> u64 {
        self.count += 1;
        self.mark_changed();
        self.count
    }
}
