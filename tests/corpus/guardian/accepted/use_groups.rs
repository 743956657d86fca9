use std::{cmp::{self, Ordering}, collections::{HashSet, VecDeque}};
impl Account {
    pub fn count(&self) -> usize {
        let mut seen: HashSet<i64> = HashSet::new();
        let mut queue = VecDeque::new();
        queue.push_back(1);
        for x in &self.items { seen.insert(*x); }
        let longest = cmp::max(seen.len(), queue.len());
        match longest.cmp(&2) { Ordering::Less => 0, Ordering::Equal => 1, Ordering::Greater => longest }
    }
}
