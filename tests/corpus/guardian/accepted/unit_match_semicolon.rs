impl Account {
    pub fn step(&mut self) {
        match self.count {
            0 => { self.count = 1; self.mark_changed(); }
            _ => { self.count = 0; self.mark_changed(); }
        };
    }
}
