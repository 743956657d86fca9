// struct: List { items: Vec<i64> }
// signature: fn chunks(&self, size: usize) -> Result<Vec<Vec<i64>>, String>
// shows: slices, `chunks`, a refusal as the only `Err`
// check: {"slots": {"items": [1, 2, 3, 4, 5]}, "args": [2], "returns": {"Ok": [[1, 2], [3, 4], [5]]}}
// check: {"args": [0], "error": true}

impl List {
    pub fn chunks(&self, size: usize) -> Result<Vec<Vec<i64>>, String> {
        if size == 0 {
            return Err("a chunk holds at least one".into());
        }
        Ok(self.items.chunks(size).map(<[i64]>::to_vec).collect())
    }
}
