impl Account {
    pub fn compose(&self, n: i64) -> i64 {
        let steps: Vec<Box<dyn Fn(i64) -> i64>> = vec![Box::new(|x| x + 1), Box::new(move |x| x * n)];
        fn apply(f: &dyn Fn(i64) -> i64, x: i64) -> i64 { f(x) }
        fn twice(f: impl Fn(i64) -> i64, x: i64) -> i64 { f(f(x)) }
        steps.iter().fold(twice(|x| x - 1, n), |x, f| apply(f.as_ref(), x))
    }
}
