impl SpiralGrid {
    pub fn spiral(&self, rows: Vec<Vec<i64>>) -> Vec<i64> {
        let mut rest = rows;
        let mut result = Vec::new();
        while !rest.is_empty() {
            result.extend(rest.remove(0));
            let width = rest.first().map_or(0, |row| row.len());
            // A quarter turn to the left brings the last column to the top.
            rest = (0..width)
                .rev()
                .map(|column| rest.iter().map(|row| row[column]).collect())
                .collect();
        }
        result
    }
}
