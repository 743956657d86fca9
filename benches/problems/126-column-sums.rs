impl LedgerSheet {
    pub fn column_sums(&self, rows: Vec<Vec<isize>>) -> Vec<isize> {
        let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
        let mut sums = vec![0; width];
        for row in &rows {
            for (index, value) in row.iter().enumerate() {
                sums[index] += value;
            }
        }
        sums
    }
}
