// struct: Robot { names: Vec<String>, sizes: Vec<i64> }
// signature: fn largest(&self) -> (Option<String>, Option<i64>)
// shows: a generic helper with a bound and a `where`
// check: {"slots": {"names": ["b", "c", "a"], "sizes": [2, 1]}, "returns": ["c", 2]}

impl Robot {
    pub fn largest(&self) -> (Option<String>, Option<i64>) {
        fn largest<T>(items: &[T]) -> Option<T>
        where
            T: PartialOrd + Clone,
        {
            let mut items = items.iter();
            let first = items.next()?;
            let best = items.fold(first, |best, item| if item > best { item } else { best });
            Some(best.clone())
        }
        (largest(&self.names), largest(&self.sizes))
    }
}
