impl SquareMatrix {
    pub fn determinant(&self, rows: Vec<Vec<i64>>) -> Result<i64, String> {
        fn expand(rows: &[Vec<i64>]) -> i64 {
            let first = match rows.first() {
                Some(first) => first,
                None => return 1,
            };
            let mut total = 0;
            let mut sign = 1;
            for (column, factor) in first.iter().enumerate() {
                let minor: Vec<Vec<i64>> = rows[1..]
                    .iter()
                    .map(|row| {
                        let mut row = row.clone();
                        row.remove(column);
                        row
                    })
                    .collect();
                total += sign * factor * expand(&minor);
                sign = -sign;
            }
            total
        }
        if rows.iter().any(|row| row.len() != rows.len()) {
            return Err("the rows do not form a square".to_string());
        }
        Ok(expand(&rows))
    }
}
