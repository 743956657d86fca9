impl SortedSearch {
    pub fn find(&self, sorted: &[i64], value: i64) -> Option<(usize, usize)> {
        let first = sorted.partition_point(|number| *number < value);
        let behind = sorted.partition_point(|number| *number <= value);
        if first == behind {
            None
        } else {
            Some((first, behind - 1))
        }
    }
}
