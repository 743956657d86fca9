// struct: Counter { count: u64 }
// signature: fn reset(&mut self)
// shows: a method without a result: the mark is its last statement
// check: {"slots": {"count": 4}, "after": {"count": 0}}

impl Counter {
    pub fn reset(&mut self) {
        self.count = 0;
        self.mark_changed();
    }
}
