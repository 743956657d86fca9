// struct: Robot { steps: u32 }
// signature: fn fibonacci(&self) -> Vec<u64>
// shows: an inner struct that implements a trait of std
// check: {"slots": {"steps": 7}, "returns": [0, 1, 1, 2, 3, 5, 8]}

impl Robot {
    pub fn fibonacci(&self) -> Vec<u64> {
        struct Fibonacci {
            now: u64,
            next: u64,
        }
        impl Iterator for Fibonacci {
            type Item = u64;

            fn next(&mut self) -> Option<Self::Item> {
                let now = self.now;
                self.now = self.next;
                self.next += now;
                Some(now)
            }
        }
        Fibonacci { now: 0, next: 1 }.take(self.steps as usize).collect()
    }
}
