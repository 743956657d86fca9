// struct: Light { state: String }
// signature: fn press(&mut self) -> String
// shows: an `enum` with methods inside the body
// check: {"slots": {"state": "green"}, "returns": "yellow"}
// check: {"slots": {"state": "?"}, "returns": "red"}

impl Light {
    pub fn press(&mut self) -> String {
        enum Colour {
            Red,
            Yellow,
            Green,
        }
        impl Colour {
            fn of(name: &str) -> Option<Self> {
                match name {
                    "red" => Some(Colour::Red),
                    "yellow" => Some(Self::Yellow),
                    "green" => Some(Self::Green),
                    _ => None,
                }
            }

            fn next(&self) -> Colour {
                match self {
                    Colour::Red => Colour::Green,
                    Colour::Yellow => Colour::Red,
                    Colour::Green => Colour::Yellow,
                }
            }
        }
        let next = Colour::of(&self.state).map_or(Colour::Red, |colour| colour.next());
        self.state = match next {
            Colour::Red => "red",
            Colour::Yellow => "yellow",
            Colour::Green => "green",
        }
        .to_string();
        self.mark_changed();
        self.state.clone()
    }
}
