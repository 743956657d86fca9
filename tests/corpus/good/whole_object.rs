// struct: Point { x: f64, y: f64 }
// signature: fn mirror(&mut self) -> f64
// shows: puts a changed copy in the object's place, then marks
// check: {"slots": {"x": 3, "y": 4}, "returns": 5, "after": {"x": 4, "y": 3}}

impl Point {
    pub fn mirror(&mut self) -> f64 {
        *self = Point { x: self.y, y: self.x, ..self.clone() };
        let length = self.x.hypot(self.y);
        self.mark_changed();
        length
    }
}
