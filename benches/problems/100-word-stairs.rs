impl WordStairs {
    pub fn rises(&self, text: &str) -> bool {
        let lengths: Vec<usize> = text.split(' ').map(|word| word.chars().count()).collect();
        lengths.windows(2).all(|pair| pair[1] == pair[0] + 1)
    }
}
