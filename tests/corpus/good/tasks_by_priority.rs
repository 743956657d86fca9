// struct: Tasks { open: Vec<(u8, String)> }
// signature: fn next_three(&self) -> Vec<String>
// shows: a heap with reversed order, a struct-like tuple, imports in a group
// check: {"slots": {"open": [[3, "c"], [1, "a"], [2, "b"], [9, "z"]]}, "returns": ["a", "b", "c"]}

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap as _Map};
impl Tasks {
    pub fn next_three(&self) -> Vec<String> {
        let mut heap: BinaryHeap<Reverse<&(u8, String)>> = self.open.iter().map(Reverse).collect();
        let mut first = Vec::with_capacity(3);
        while first.len() < 3 {
            match heap.pop() {
                Some(Reverse((_, name))) => first.push(name.clone()),
                None => break,
            }
        }
        first
    }
}
