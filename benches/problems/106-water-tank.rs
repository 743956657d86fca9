impl WaterTank {
    pub fn pour(&mut self, litres: f64) -> f64 {
        let level = self.level + litres;
        let over = (level - self.capacity).max(0.0);
        self.level = level - over;
        self.mark_changed();
        over
    }
}
