impl RecentValues {
    pub fn record(&mut self, value: f64) -> f64 {
        self.values.push(value);
        while self.values.len() > self.capacity {
            self.values.remove(0);
        }
        let average = self.values.iter().sum::<f64>() / self.values.len() as f64;
        self.mark_changed();
        average
    }
}
