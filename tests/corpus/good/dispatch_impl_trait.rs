// struct: Robot { sizes: Vec<i64> }
// signature: fn evens(&self) -> Vec<i64>
// shows: a helper with `impl Trait` in both places, and lifetimes
// check: {"slots": {"sizes": [4, 1, 2]}, "returns": [8, 4]}

impl Robot {
    pub fn evens(&self) -> Vec<i64> {
        fn doubled<'a>(items: impl Iterator<Item = &'a i64> + 'a) -> impl Iterator<Item = i64> + 'a {
            items.map(|item| item * 2)
        }
        doubled(self.sizes.iter().filter(|size| *size % 2 == 0)).collect()
    }
}
