impl Fraction {
    pub fn reduce(&self, numerator: i64, denominator: i64) -> Result<(i64, i64), String> {
        if denominator == 0 {
            return Err("the denominator is zero".to_string());
        }
        let (mut a, mut b) = (numerator.abs(), denominator.abs());
        while b != 0 {
            let rest = a % b;
            a = b;
            b = rest;
        }
        let sign = if denominator < 0 { -1 } else { 1 };
        Ok((sign * numerator / a, sign * denominator / a))
    }
}
