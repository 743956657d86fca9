impl Account {
    pub fn median(&self, samples: Vec<f64>) -> Option<f64> {
        if samples.is_empty() { return None; }
        let mut s = samples.clone();
        s.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        let m = s.len() / 2;
        Some(if s.len() % 2 == 1 { s[m] } else { (s[m - 1] + s[m]) / 2.0 })
    }
}
