impl CashBox {
    pub fn pay_out(&mut self, amount: i64) -> Result<Vec<i64>, String> {
        if amount <= 0 {
            return Err("the amount must be positive".to_string());
        }
        let mut rest = amount;
        let mut left = self.notes.clone();
        let mut paid = Vec::new();
        for (value, count) in left.iter_mut().rev() {
            while *count > 0 && *value <= rest {
                *count -= 1;
                rest -= *value;
                paid.push(*value);
            }
        }
        if rest > 0 {
            return Err(format!("{rest} is left over"));
        }
        self.notes = left;
        self.mark_changed();
        Ok(paid)
    }
}
