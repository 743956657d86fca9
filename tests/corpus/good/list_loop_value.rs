// struct: List { items: Vec<i64> }
// signature: fn first_gap(&mut self) -> i64
// shows: a `loop` that breaks with a value, named before the mark
// check: {"slots": {"items": [1, 2, 4]}, "returns": 3, "after": {"items": [1, 2, 4, 3]}}

impl List {
    pub fn first_gap(&mut self) -> i64 {
        let mut candidate = 1;
        let gap = loop {
            if !self.items.contains(&candidate) {
                break candidate;
            }
            candidate += 1;
        };
        self.items.push(gap);
        self.mark_changed();
        gap
    }
}
