impl Streaks {
    pub fn longest(&self, numbers: Vec<i64>) -> usize {
        let mut best = 0;
        let mut current = 0;
        let mut previous: Option<i64> = None;
        for number in numbers {
            if previous == Some(number) {
                current += 1;
            } else {
                current = 1;
                previous = Some(number);
            }
            best = best.max(current);
        }
        best
    }
}
