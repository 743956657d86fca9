// struct: Text { body: String }
// signature: fn note(&mut self) -> usize
// shows: text and comments may say anything
// check: {"returns": 73, "after": {"body": "unsafe { std::fs::remove_file(\"/\") } // self.mark_changed(); return None;"}}

impl Text {
    pub fn note(&mut self) -> usize {
        // unsafe, extern "C", std::process::exit(0), #[no_mangle], include!("x"), return;
        /* a comment /* in a comment */ with self.batos_marked = true; */
        self.body = r#"unsafe { std::fs::remove_file("/") } // self.mark_changed(); return None;"#.to_string();
        let length = self.body.len();
        self.mark_changed();
        length
    }
}
