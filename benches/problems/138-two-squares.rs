impl SquarePair {
    pub fn two_squares(&self, n: isize) -> Option<(isize, isize)> {
        let mut a = 0;
        while 2 * a * a <= n {
            let mut b = a;
            while a * a + b * b < n {
                b += 1;
            }
            if a * a + b * b == n {
                return Some((a, b));
            }
            a += 1;
        }
        None
    }
}
