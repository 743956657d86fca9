impl DigitScale {
    pub fn even_heavier(&self, n: u64) -> bool {
        let (mut even, mut odd) = (0, 0);
        let mut rest = n;
        while rest > 0 {
            let digit = rest % 10;
            if digit % 2 == 0 {
                even += digit;
            } else {
                odd += digit;
            }
            rest /= 10;
        }
        even > odd
    }
}
