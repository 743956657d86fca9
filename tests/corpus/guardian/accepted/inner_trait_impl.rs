impl Account {
    pub fn cheapest(&self) -> Option<i64> {
        use std::cmp::Ordering;
        use std::collections::BinaryHeap;
        struct State(i64);
        impl PartialEq for State { fn eq(&self, other: &Self) -> bool { self.0 == other.0 } }
        impl Eq for State {}
        impl PartialOrd for State { fn partial_cmp(&self, other: &Self) -> Option<Ordering> { Some(self.cmp(other)) } }
        impl Ord for State { fn cmp(&self, other: &Self) -> Ordering { other.0.cmp(&self.0) } }
        let mut heap: BinaryHeap<State> = self.items.iter().map(|x| State(*x)).collect();
        heap.pop().map(|s| s.0)
    }
}
