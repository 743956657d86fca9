// struct: Point { x: f64, y: f64 }
// signature: fn show(&self) -> String
// shows: an inner struct with `Display`, shadowed names, the object cloned
// check: {"slots": {"x": 1, "y": -2.5}, "returns": "(1.0; -2.5)"}

impl Point {
    pub fn show(&self) -> String {
        struct Shown(Point);
        impl std::fmt::Display for Shown {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let Shown(point) = self;
                write!(out, "({:.1}; {:.1})", point.x, point.y)
            }
        }
        Shown(self.clone()).to_string()
    }
}
