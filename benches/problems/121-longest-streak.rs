impl StreakFinder {
    pub fn longest_streak(&self, values: Vec<isize>) -> (isize, isize) {
        let mut best = (0, 0);
        let mut length = 0;
        for index in 0..values.len() {
            if index > 0 && values[index] == values[index - 1] {
                length += 1;
            } else {
                length = 1;
            }
            if length > best.1 {
                best = (values[index], length);
            }
        }
        best
    }
}
