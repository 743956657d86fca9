impl PascalTriangle {
    pub fn row(&self, n: usize) -> Vec<u64> {
        let mut row = vec![1];
        for _ in 0..n {
            let mut next = vec![1];
            next.extend(row.windows(2).map(|pair| pair[0] + pair[1]));
            next.push(1);
            row = next;
        }
        row
    }
}
