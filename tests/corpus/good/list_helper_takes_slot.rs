// struct: List { items: Vec<i64> }
// signature: fn shuffle(&mut self, seed: u64)
// shows: a helper function that changes a slot through `&mut`
// check: {"slots": {"items": [1, 2, 3]}, "args": [0], "after": {"items": [2, 3, 1]}}

impl List {
    pub fn shuffle(&mut self, seed: u64) {
        fn rotate(items: &mut Vec<i64>, by: usize) {
            if !items.is_empty() {
                let by = by % items.len();
                items.rotate_left(by);
            }
        }
        rotate(&mut self.items, seed as usize + 1);
        self.mark_changed();
    }
}
