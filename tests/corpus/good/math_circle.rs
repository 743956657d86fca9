// struct: Circle { radius: f32 }
// signature: fn area(&self) -> f32
// shows: a module of constants, `f32`
// check: {"slots": {"radius": 2}, "returns": 12.566371}

use std::f32::consts::PI;
impl Circle {
    #[inline]
    pub fn area(&self) -> f32 {
        PI * self.radius.powi(2)
    }
}
