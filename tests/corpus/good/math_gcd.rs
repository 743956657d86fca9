// struct: Math { last: u64 }
// signature: fn gcd(&mut self, a: u64, b: u64) -> u64
// shows: a recursive helper function
// check: {"args": [48, 18], "returns": 6, "after": {"last": 6}}

impl Math {
    pub fn gcd(&mut self, a: u64, b: u64) -> u64 {
        fn gcd(a: u64, b: u64) -> u64 {
            if b == 0 {
                a
            } else {
                gcd(b, a % b)
            }
        }
        self.last = gcd(a, b);
        self.mark_changed();
        self.last
    }
}
