// struct: Life { alive: BTreeSet<(i32, i32)> }
// signature: fn step(&mut self) -> usize
// shows: a set of tuples, `flat_map`, a closure over slots
// check: {"slots": {"alive": [[0, 0], [1, 0], [2, 0]]}, "returns": 3, "after": {"alive": [[1, -1], [1, 0], [1, 1]]}}

impl Life {
    pub fn step(&mut self) -> usize {
        let mut neighbours: BTreeMap<(i32, i32), u8> = BTreeMap::new();
        for &(x, y) in &self.alive {
            let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)));
            for (dx, dy) in around.filter(|step| *step != (0, 0)) {
                *neighbours.entry((x + dx, y + dy)).or_default() += 1;
            }
        }
        let next = neighbours
            .into_iter()
            .filter(|(cell, n)| *n == 3 || (*n == 2 && self.alive.contains(cell)))
            .map(|(cell, _)| cell)
            .collect();
        self.alive = next;
        self.mark_changed();
        self.alive.len()
    }
}
