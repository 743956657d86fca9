// struct: Bits { word: u32 }
// signature: fn reversed(&mut self) -> u32
// shows: bit operations and `wrapping` arithmetic
// check: {"slots": {"word": 6}, "returns": 1610612736}

impl Bits {
    pub fn reversed(&mut self) -> u32 {
        let mut turned = 0u32;
        for bit in 0..u32::BITS {
            turned |= (self.word >> bit & 1) << (31 - bit);
        }
        self.word = turned;
        self.word ^= 0;
        self.mark_changed();
        self.word
    }
}
