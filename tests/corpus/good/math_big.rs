// struct: Big { value: u128 }
// signature: fn factorial(&mut self, n: u32) -> Option<u128>
// shows: 128-bit numbers, `?` in a loop
// check: {"args": [30], "returns": "265252859812191058636308480000000"}
// check: {"args": [40], "returns": null, "after": {"value": 0}}

impl Big {
    pub fn factorial(&mut self, n: u32) -> Option<u128> {
        let mut product = 1u128;
        for factor in 2..=u128::from(n) {
            product = product.checked_mul(factor)?;
        }
        self.value = product;
        self.mark_changed();
        Some(product)
    }
}
