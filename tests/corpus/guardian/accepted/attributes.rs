impl Account {
    /// Doubles.
    #[inline]
    #[doc(alias = "twice")]
    #[allow(dead_code)]
    pub fn quiet(&mut self, n: i64) -> i64 {
        #[allow(unused_variables)]
        let unused = 5;
        #[inline]
        fn double(x: i64) -> i64 { x * 2 }
        self.count = double(n);
        #[allow(clippy::needless_return)]
        self.mark_changed();
        self.count
    }
}
