// struct: List { items: Vec<f64> }
// signature: fn median(&self) -> Option<f64>
// shows: `partial_cmp` and `Ordering`
// check: {"slots": {"items": [3, 1, 2]}, "returns": 2}
// check: {"slots": {"items": [4, 1, 2, 3]}, "returns": 2.5}
// check: {"returns": null}

use std::cmp::Ordering;
impl List {
    /// The value in the middle, or between the two in the middle.
    pub fn median(&self) -> Option<f64> {
        let mut sorted = self.items.clone();
        sorted.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
        let middle = sorted.len() / 2;
        let upper = *sorted.get(middle)?;
        if sorted.len() % 2 == 1 {
            Some(upper)
        } else {
            Some((sorted[middle - 1] + upper) / 2.0)
        }
    }
}
