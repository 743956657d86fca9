impl TileTurner {
    pub fn turn(&self, grid: Vec<Vec<isize>>, quarters: isize) -> Vec<Vec<isize>> {
        let mut result = grid;
        for _ in 0..quarters.rem_euclid(4) {
            let width = result.first().map_or(0, |row| row.len());
            let mut turned = Vec::new();
            for x in 0..width {
                turned.push(result.iter().rev().map(|row| row[x]).collect());
            }
            result = turned;
        }
        result
    }
}
