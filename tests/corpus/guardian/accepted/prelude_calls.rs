impl Account {
    pub fn ask(&self) -> i64 {
        let mut total = 0i64;
        for x in self.items.iter().rev().step_by(2) { total = total.wrapping_add(*x).pow(2); }
        i64::from_str_radix("ff", 16).unwrap_or(total).max(u8::MAX as i64)
    }
}
