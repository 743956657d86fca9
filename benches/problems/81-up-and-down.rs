impl HikeProfile {
    pub fn climbs(&self, heights: Vec<i64>) -> (i64, i64) {
        let (mut up, mut down) = (0, 0);
        for pair in heights.windows(2) {
            if pair[1] > pair[0] {
                up += pair[1] - pair[0];
            } else {
                down += pair[0] - pair[1];
            }
        }
        (up, down)
    }
}
