impl HillMap {
    pub fn peaks(&self, heights: Vec<Vec<isize>>) -> isize {
        let mut count = 0;
        for (y, row) in heights.iter().enumerate() {
            for (x, height) in row.iter().enumerate() {
                let left = x == 0 || row[x - 1] < *height;
                let right = x + 1 == row.len() || row[x + 1] < *height;
                let above = y == 0 || heights[y - 1][x] < *height;
                let below = y + 1 == heights.len() || heights[y + 1][x] < *height;
                if left && right && above && below {
                    count += 1;
                }
            }
        }
        count
    }
}
