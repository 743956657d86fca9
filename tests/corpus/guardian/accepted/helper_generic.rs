impl Account {
    pub fn largest(&self) -> Option<i64> {
        fn largest<T: PartialOrd + Copy>(items: &[T]) -> Option<T> where T: Clone {
            let mut iter = items.iter();
            let mut best = *iter.next()?;
            for x in iter { if *x > best { best = *x; } }
            Some(best)
        }
        largest(&self.items)
    }
}
