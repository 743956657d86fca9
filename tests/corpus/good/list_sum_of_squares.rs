// struct: List { items: Vec<i64> }
// signature: fn sum_of_squares(&self) -> Option<i64>
// shows: `try_fold` with checked arithmetic
// check: {"slots": {"items": [1, -2, 3]}, "returns": 14}
// check: {"slots": {"items": [4000000000000]}, "returns": null}

impl List {
    pub fn sum_of_squares(&self) -> Option<i64> {
        self.items.iter().try_fold(0i64, |sum, n| sum.checked_add(n.checked_mul(*n)?))
    }
}
