impl EdgeRings {
    pub fn rings(&self, width: usize, height: usize) -> Vec<Vec<i64>> {
        let mut rows = Vec::new();
        for y in 0..height {
            let mut row = Vec::new();
            for x in 0..width {
                let across = x.min(width - 1 - x);
                let along = y.min(height - 1 - y);
                row.push(across.min(along) as i64);
            }
            rows.push(row);
        }
        rows
    }
}
