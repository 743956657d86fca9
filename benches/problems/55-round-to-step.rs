impl Rounding {
    pub fn round_to(&self, value: i64, step: i64) -> Result<i64, String> {
        if step <= 0 {
            return Err("the step must be positive".to_string());
        }
        let below = value.div_euclid(step);
        let rest = value.rem_euclid(step);
        let up = if rest * 2 == step {
            below % 2 != 0
        } else {
            rest * 2 > step
        };
        Ok((below + i64::from(up)) * step)
    }
}
