// struct: List { items: Vec<i64> }
// signature: fn bubble(&mut self) -> u32
// shows: nested loops with labels, `break` and `continue`
// check: {"slots": {"items": [3, 2, 1]}, "returns": 3, "after": {"items": [1, 2, 3]}}

impl List {
    pub fn bubble(&mut self) -> u32 {
        let mut swaps = 0;
        'again: loop {
            for at in 1..self.items.len() {
                if self.items[at - 1] <= self.items[at] {
                    continue;
                }
                self.items.swap(at - 1, at);
                swaps += 1;
                continue 'again;
            }
            break 'again;
        }
        self.mark_changed();
        swaps
    }
}
