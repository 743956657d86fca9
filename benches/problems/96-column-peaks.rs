impl ColumnPeaks {
    pub fn peaks(&self, rows: Vec<Vec<i64>>) -> Vec<i64> {
        let mut result: Vec<i64> = Vec::new();
        for row in rows {
            for (column, number) in row.into_iter().enumerate() {
                if column == result.len() {
                    result.push(number);
                } else {
                    result[column] = result[column].max(number);
                }
            }
        }
        result
    }
}
