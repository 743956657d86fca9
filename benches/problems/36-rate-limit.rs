impl RateLimit {
    pub fn take(&mut self, now: f64) -> bool {
        let passed = now - self.last;
        self.tokens = (self.tokens + passed * self.per_second).min(self.capacity);
        self.last = now;
        let allowed = self.tokens >= 1.0;
        if allowed {
            self.tokens -= 1.0;
        }
        self.mark_changed();
        allowed
    }
}
