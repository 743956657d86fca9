impl Account {
    pub fn deep(&self, n: i64) -> i64 {
        let f = |x: i64| if x > 0 { { { x } } } else { -x };
        let v = if let Some(a) = self.items.first() { if *a > n { *a } else { n } } else { 0 };
        f(v) + { let y = 3; y * 2 }
    }
}
