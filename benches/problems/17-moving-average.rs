impl Smoothing {
    pub fn moving_average(&self, values: Vec<f64>, window: usize) -> Vec<f64> {
        if window == 0 {
            return Vec::new();
        }
        values
            .windows(window)
            .map(|part| part.iter().sum::<f64>() / window as f64)
            .collect()
    }
}
