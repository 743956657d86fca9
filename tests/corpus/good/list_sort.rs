// struct: List { items: Vec<String> }
// signature: fn sort(&mut self)
// shows: sorting by a key and an order
// check: {"slots": {"items": ["pear", "Fig", "apple", "kiwi"]}, "after": {"items": ["Fig", "kiwi", "pear", "apple"]}}

impl List {
    pub fn sort(&mut self) {
        self.items.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.to_lowercase().cmp(&b.to_lowercase())));
        self.mark_changed();
    }
}
