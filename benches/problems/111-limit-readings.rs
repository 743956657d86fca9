impl ReadingLimits {
    pub fn limit(&self, readings: Vec<f64>, low: f64, high: f64) -> Vec<f64> {
        readings
            .into_iter()
            .map(|reading| {
                if reading < low {
                    low
                } else if reading > high {
                    high
                } else {
                    reading
                }
            })
            .collect()
    }
}
