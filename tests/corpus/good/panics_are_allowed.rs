// struct: Parser { seen: u32 }
// signature: fn exactly(&mut self, parts: [u32; 2]) -> u32
// shows: assertions, `unreachable!`, `expect` on what holds
// check: {"args": [[1, 2]], "returns": 3, "after": {"seen": 3}}

impl Parser {
    pub fn exactly(&mut self, parts: [u32; 2]) -> u32 {
        assert!(parts.len() == 2, "two parts, not {}", parts.len());
        let sum = parts[0].checked_add(parts[1]).expect("small numbers");
        match sum {
            0 => panic!("nothing to do"),
            n if n > 0 => {
                self.seen += n;
                self.mark_changed();
                n
            }
            _ => unreachable!(),
        }
    }
}
