impl Account {
    pub fn norm(&self) -> f64 {
        struct Point { x: f64, y: f64 }
        impl Point {
            const ZERO: f64 = 0.0;
            fn new(x: f64, y: f64) -> Self { Self { x, y } }
            fn norm(&self) -> f64 { (self.x * self.x + self.y * self.y).sqrt() + Self::ZERO }
        }
        Point::new(3.0, 4.0).norm()
    }
}
