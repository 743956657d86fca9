// struct: Clock { last: i64, drawn: u64 }
// signature: fn stamp(&mut self) -> bool
// shows: the functions of every method's scope
// check: {"returns": true, "after": {"last": 1700000000000}}

impl Clock {
    pub fn stamp(&mut self) -> bool {
        self.last = now();
        self.drawn = random_u64();
        let chance = random();
        log(&format!("stamped at {}", self.last));
        let heard = send::<i64>("Nobody", "count", (1, "x")).is_err();
        self.mark_changed();
        heard && (0.0..1.0).contains(&chance)
    }
}
