impl BinaryGap {
    pub fn widest(&self, n: u64) -> u32 {
        let mut best = 0;
        let mut last: Option<u32> = None;
        for place in 0..64 {
            if (n >> place) & 1 == 1 {
                if let Some(before) = last {
                    best = best.max(place - before - 1);
                }
                last = Some(place);
            }
        }
        best
    }
}
