impl Turnstile {
    pub fn push(&mut self) -> bool {
        if self.locked {
            self.refused += 1;
            self.mark_changed();
            return false;
        }
        self.passed += 1;
        self.locked = true;
        self.mark_changed();
        true
    }
}
