// struct: List { items: Vec<i64> }
// signature: fn scale(&mut self, by: i64)
// shows: changes through references and closures, one mark at the end
// check: {"slots": {"items": [1, 2]}, "args": [3], "after": {"items": [4, 7]}}

impl List {
    pub fn scale(&mut self, by: i64) {
        for item in self.items.iter_mut() {
            *item *= by;
        }
        let mut bump = |item: &mut i64| *item += 1;
        self.items.iter_mut().for_each(|item| bump(item));
        self.mark_changed();
    }
}
