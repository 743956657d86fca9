// struct: Counter { level: u8 }
// signature: fn shift(&mut self, by: i16) -> u8
// shows: saturating, checked and wrapping arithmetic, casts
// check: {"slots": {"level": 250}, "args": [10], "returns": 255}
// check: {"slots": {"level": 5}, "args": [-10], "returns": 0}

impl Counter {
    pub fn shift(&mut self, by: i16) -> u8 {
        let by_little = by.unsigned_abs().min(u8::MAX as u16) as u8;
        self.level = if by < 0 {
            self.level.saturating_sub(by_little)
        } else {
            self.level.checked_add(by_little).unwrap_or(u8::MAX)
        };
        self.mark_changed();
        self.level
    }
}
