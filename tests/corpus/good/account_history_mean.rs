// struct: Account { history: Vec<f64> }
// signature: fn mean(&self) -> Option<f64>
// shows: an `Option` from a `&self` method, with an early return
// check: {"slots": {"history": [1, 2, 6]}, "returns": 3}
// check: {"returns": null}

impl Account {
    pub fn mean(&self) -> Option<f64> {
        if self.history.is_empty() {
            return None;
        }
        Some(self.history.iter().sum::<f64>() / self.history.len() as f64)
    }
}
