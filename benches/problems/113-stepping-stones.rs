impl SteppingStones {
    pub fn alternates(&self, stones: Vec<isize>) -> bool {
        stones.windows(2).all(|pair| (pair[0] - pair[1]) % 2 != 0)
    }
}
