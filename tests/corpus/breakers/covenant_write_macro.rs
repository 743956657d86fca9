// struct: Page { text: String }
// signature: fn print(&mut self, line: &str) -> bool
// tries: `write!` into a slot
// refused: covenant: the method returns this without

impl Page {
    pub fn print(&mut self, line: &str) -> bool {
        use std::fmt::Write;
        write!(self.text, "{}", line).is_ok()
    }
}
