impl Neighbours {
    pub fn closest(&self, numbers: Vec<i64>) -> Option<(i64, i64)> {
        let mut sorted = numbers;
        sorted.sort();
        let mut best: Option<(i64, i64)> = None;
        for pair in sorted.windows(2) {
            let closer = match best {
                Some((a, b)) => pair[1] - pair[0] < b - a,
                None => true,
            };
            if closer {
                best = Some((pair[0], pair[1]));
            }
        }
        best
    }
}
