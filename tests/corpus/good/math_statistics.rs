// struct: Math { samples: Vec<f64> }
// signature: fn deviation(&self) -> f64
// shows: constants of `f64`, methods of floats
// check: {"slots": {"samples": [2, 4, 4, 4, 5, 5, 7, 9]}, "returns": 2}
// check: {"returns": 0}

impl Math {
    pub fn deviation(&self) -> f64 {
        let n = self.samples.len() as f64;
        if n < f64::EPSILON {
            return 0.0;
        }
        let mean = self.samples.iter().sum::<f64>() / n;
        let squares: f64 = self.samples.iter().map(|x| (x - mean).powi(2)).sum();
        (squares / n).sqrt()
    }
}
