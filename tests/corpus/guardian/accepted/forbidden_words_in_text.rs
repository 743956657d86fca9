impl Account {
    pub fn describe(&self) -> String {
        // unsafe { std::fs::read("x") } and extern "C" in a comment, /* not nested
        /* static mut X; /* std::process::exit(1) */ include_str!("y") */
        let a = "unsafe { std::fs::read() } // not a comment";
        let b = r#"std::env::var("HOME") "quoted" asm!()"#;
        let c = 'u';
        format!("{a}{b}{c} unsafe {{}} std::net")
    }
}
