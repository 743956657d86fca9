impl Bases {
    pub fn to_base(&self, n: u64, base: u32) -> Result<String, String> {
        if !(2..=36).contains(&base) {
            return Err(format!("base {base} is not from 2 to 36"));
        }
        let base = base as u64;
        let mut rest = n;
        let mut digits = Vec::new();
        loop {
            let digit = (rest % base) as u8;
            digits.push(if digit < 10 {
                (b'0' + digit) as char
            } else {
                (b'a' + digit - 10) as char
            });
            rest /= base;
            if rest == 0 {
                break;
            }
        }
        Ok(digits.iter().rev().collect())
    }
}
