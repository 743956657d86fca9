impl Account {
    pub fn halve(&mut self) -> i64 {
        self.mark_changed();
        loop {
            self.count /= 2;
            if self.count < 10 { break self.count; }
        }
    }
}
