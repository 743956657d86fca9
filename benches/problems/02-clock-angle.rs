impl WallClock {
    pub fn angle(&self, hour: i64, minute: i64) -> f64 {
        let hours = (hour % 12) as f64 * 30.0 + minute as f64 * 0.5;
        let minutes = minute as f64 * 6.0;
        let apart = (hours - minutes).abs();
        if apart > 180.0 {
            360.0 - apart
        } else {
            apart
        }
    }
}
