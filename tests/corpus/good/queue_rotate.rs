// struct: Queue { waiting: VecDeque<String> }
// signature: fn rotate(&mut self, n: usize) -> Option<String>
// shows: a `VecDeque`, and a name for the result before the mark
// check: {"slots": {"waiting": ["a", "b", "c"]}, "args": [4], "returns": "b", "after": {"waiting": ["b", "c", "a"]}}
// check: {"args": [2], "returns": null}

impl Queue {
    pub fn rotate(&mut self, n: usize) -> Option<String> {
        if !self.waiting.is_empty() {
            let by = n % self.waiting.len();
            self.waiting.rotate_left(by);
        }
        let front = self.waiting.front().cloned();
        self.mark_changed();
        front
    }
}
