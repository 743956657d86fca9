//! Which mission is next: the person's, oldest first; then those that the system set itself and that are due.

use std::collections::{HashSet, VecDeque};

use crate::image::MissionId;

#[derive(Default)]
pub struct Queue {
    person: VecDeque<MissionId>,
    own: Vec<Own>,
    pub running: Option<MissionId>,
    /// The running one is the system's own.
    runs_own: bool,
    pub cancelled: HashSet<MissionId>,
    /// Held from their next transition on; they are not in the queue.
    pub paused: HashSet<MissionId>,
}

/// A mission of the system's own.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    pub id: MissionId,
    /// Milliseconds since 1970 before which it does not begin.
    pub due_ms: u64,
}

impl Queue {
    pub fn push(&mut self, id: MissionId) {
        self.person.push_back(id);
    }

    /// Where it was: a person's missions go in the order in which they came.
    pub fn push_in_order(&mut self, id: MissionId) {
        let at = self.person.partition_point(|other| *other < id);
        self.person.insert(at, id);
    }

    /// The running one stops before its end: when it is paused, or is one of the system's own that makes room.
    pub fn put_down(&mut self, id: MissionId, due_ms: u64) {
        self.running = None;
        // One that is also cancelled is taken once more, to be ended.
        if self.paused.contains(&id) && !self.cancelled.contains(&id) {
            return;
        }
        if self.runs_own {
            self.push_own(Own { id, due_ms });
        } else {
            self.push_in_order(id);
        }
    }

    pub fn push_own(&mut self, own: Own) {
        self.own.push(own);
        self.own.sort_by_key(|own| (own.due_ms, own.id));
    }

    /// It counts as running from here on.
    pub fn take_next(&mut self, now_ms: u64) -> Option<MissionId> {
        let next = self.person.pop_front();
        self.runs_own = next.is_none();
        self.running = next.or_else(|| {
            let due = self.own.iter().position(|own| own.due_ms <= now_ms)?;
            Some(self.own.remove(due).id)
        });
        self.running
    }

    /// When the next of the system's own missions is due.
    pub fn next_due_ms(&self) -> Option<u64> {
        self.own.first().map(|own| own.due_ms)
    }

    /// Whether that one has to make room for a person, whose missions wait here or who asks something.
    pub fn gives_way(&self, id: MissionId, asked: bool) -> bool {
        self.runs_own && self.running == Some(id) && (asked || !self.person.is_empty())
    }

    /// Takes one out that has not begun.
    pub fn withdraw(&mut self, id: MissionId) -> bool {
        let before = self.len();
        self.person.retain(|other| *other != id);
        self.own.retain(|own| own.id != id);
        self.len() < before
    }

    pub fn len(&self) -> usize {
        self.person.len() + self.own.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_missions_go_first_and_own_ones_wait_until_they_are_due() {
        let mut queue = Queue::default();
        queue.push_own(Own { id: 1, due_ms: 50 });
        queue.push_own(Own { id: 2, due_ms: 0 });
        queue.push(3);
        assert_eq!(queue.len(), 3);
        assert_eq!(queue.take_next(10), Some(3));
        assert!(!queue.gives_way(3, true));
        assert_eq!(queue.take_next(10), Some(2));
        assert!(!queue.gives_way(2, false) && queue.gives_way(2, true));
        queue.push(4);
        assert!(queue.gives_way(2, false));
        assert_eq!(queue.take_next(10), Some(4));
        assert_eq!(queue.take_next(10), None);
        assert_eq!(queue.next_due_ms(), Some(50));
        assert!(queue.withdraw(1));
        assert!(!queue.withdraw(1));
        assert_eq!(queue.take_next(60), None);
    }
}
