// struct: List { items: Vec<i64> }
// signature: fn insert_sorted(&mut self, item: i64) -> usize
// shows: a last `match` on a `Result`, both arms marked
// check: {"slots": {"items": [1, 3]}, "args": [2], "returns": 1, "after": {"items": [1, 2, 3]}}
// check: {"slots": {"items": [1, 3]}, "args": [3], "returns": 1, "after": {"items": [1, 3]}}

impl List {
    pub fn insert_sorted(&mut self, item: i64) -> usize {
        match self.items.binary_search(&item) {
            Ok(at) => {
                self.mark_changed();
                at
            }
            Err(at) => {
                self.items.insert(at, item);
                self.mark_changed();
                at
            }
        }
    }
}
