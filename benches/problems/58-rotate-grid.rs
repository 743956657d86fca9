impl GridTurn {
    pub fn rotate(&self, rows: Vec<Vec<i64>>, turns: i64) -> Vec<Vec<i64>> {
        let mut grid = rows;
        for _ in 0..turns.rem_euclid(4) {
            let width = grid.first().map_or(0, |row| row.len());
            grid = (0..width)
                .map(|column| grid.iter().rev().map(|row| row[column]).collect())
                .collect();
        }
        grid
    }
}
