impl Account {
    pub fn transpose(&self, rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        if rows.is_empty() {
            return Vec::new();
        }
        let width = rows[0].len();
        (0..width).map(|c| rows.iter().map(|row| row[c]).collect()).collect()
    }
}
