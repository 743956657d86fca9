// struct: Math { moves: Vec<(char, char)> }
// signature: fn hanoi(&mut self, discs: u32) -> usize
// shows: recursion that fills a slot through a reference
// check: {"args": [2], "returns": 3, "after": {"moves": [["A", "B"], ["A", "C"], ["B", "C"]]}}

impl Math {
    pub fn hanoi(&mut self, discs: u32) -> usize {
        fn solve(n: u32, from: char, to: char, over: char, moves: &mut Vec<(char, char)>) {
            if n > 0 {
                solve(n - 1, from, over, to, moves);
                moves.push((from, to));
                solve(n - 1, over, to, from, moves);
            }
        }
        self.moves.clear();
        solve(discs, 'A', 'C', 'B', &mut self.moves);
        self.mark_changed();
        self.moves.len()
    }
}
