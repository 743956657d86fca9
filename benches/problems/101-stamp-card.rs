impl StampCard {
    pub fn add(&mut self, count: u64) -> u64 {
        let total = self.stamps + count;
        self.stamps = total % 10;
        self.mark_changed();
        total / 10
    }
}
