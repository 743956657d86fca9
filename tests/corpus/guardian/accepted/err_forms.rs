impl Account {
    pub fn check(&mut self, n: i64) -> Result<i64, String> {
        if n < 0 { return Result::Err("negative".into()); }
        if n == 0 { return Err::<i64, String>("zero".into()); }
        if n > 100 { Err("large".to_string())? }
        if n == 7 { return (Err("seven".into())); }
        self.count = n;
        if n % 2 == 0 {
            self.mark_changed();
            Ok(n)
        } else if n > 50 {
            Err("odd".to_string())
        } else {
            std::result::Result::Err("small".into())
        }
    }
}
