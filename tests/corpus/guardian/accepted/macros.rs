use std::fmt::Write;
impl Account {
    pub fn report(&self, n: i64) -> String {
        assert!(n >= 0, "n is {}", n);
        assert_eq!(n % 1, 0);
        debug_assert!(matches!(n, 0 | 1..=9 if n != 5) || n > 5);
        let table = vec![vec![0i64; 3], vec![n, 1, 2]];
        let mut out = String::new();
        let _ = write!(out, "{:>5}|{name}", table[1][0], name = "x");
        let _ = writeln!(out, "{}", format!("{:?}", std::vec![1, 2]));
        if !matches!(out.chars().next(), Some('a'..='z' | ' ')) { unreachable!("never {}", out) }
        out
    }
}
