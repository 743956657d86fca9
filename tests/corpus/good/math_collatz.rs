// struct: Math { longest: u32 }
// signature: fn collatz(&mut self, start: u64) -> Result<u32, String>
// shows: a loop that only `return` leaves
// check: {"args": [6], "returns": {"Ok": 8}, "after": {"longest": 8}}
// check: {"args": [0], "error": true}

impl Math {
    pub fn collatz(&mut self, start: u64) -> Result<u32, String> {
        let mut n = start;
        let mut steps = 0;
        loop {
            n = match n {
                0 => return Err("0 never arrives".to_string()),
                1 => {
                    self.longest = self.longest.max(steps);
                    self.mark_changed();
                    return Ok(steps);
                }
                even if even % 2 == 0 => even / 2,
                odd => 3 * odd + 1,
            };
            steps += 1;
        }
    }
}
