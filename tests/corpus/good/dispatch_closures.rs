// struct: Robot { x: i64, y: i64 }
// signature: fn run(&mut self, commands: &str) -> (i64, i64)
// shows: boxed closures in a map, destructuring assignment
// check: {"args": ["uur?l"], "returns": [0, 2], "after": {"x": 0, "y": 2}}

impl Robot {
    pub fn run(&mut self, commands: &str) -> (i64, i64) {
        let mut moves: HashMap<char, Box<dyn Fn(i64, i64) -> (i64, i64)>> = HashMap::new();
        moves.insert('u', Box::new(|x, y| (x, y + 1)));
        moves.insert('d', Box::new(|x, y| (x, y - 1)));
        moves.insert('l', Box::new(|x, y| (x - 1, y)));
        moves.insert('r', Box::new(|x, y| (x + 1, y)));
        for command in commands.chars() {
            if let Some(step) = moves.get(&command) {
                (self.x, self.y) = step(self.x, self.y);
            }
        }
        self.mark_changed();
        (self.x, self.y)
    }
}
