impl Account {
    pub fn area(&self, r: f64) -> f64 {
        const FACTOR: f64 = 2.0;
        static NAMES: [&str; 2] = ["a", "b"];
        use std::f64::consts::PI;
        FACTOR * PI * r * r + NAMES.len() as f64
    }
}
