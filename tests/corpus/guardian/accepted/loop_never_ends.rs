impl Account {
    pub fn search(&mut self) -> i64 {
        let mut n = 1;
        loop {
            if n * n > self.count {
                self.count = n;
                self.mark_changed();
                return n;
            }
            n += 1;
        }
    }
}
