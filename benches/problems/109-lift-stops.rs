impl LiftLog {
    pub fn travelled(&self, stops: Vec<i64>) -> i64 {
        stops.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum()
    }
}
