impl ReportCard {
    pub fn weighted(&self, marks: Vec<(f64, f64)>) -> Option<f64> {
        let weights: f64 = marks.iter().map(|(_, weight)| weight).sum();
        if weights == 0.0 {
            return None;
        }
        let total: f64 = marks.iter().map(|(mark, weight)| mark * weight).sum();
        Some(total / weights)
    }
}
