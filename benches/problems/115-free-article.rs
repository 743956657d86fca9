impl ThriftShop {
    pub fn total(&self, prices: Vec<isize>, nth: isize) -> isize {
        let mut sum = 0;
        for (index, price) in prices.iter().enumerate() {
            if nth <= 0 || (index as isize + 1) % nth != 0 {
                sum += price;
            }
        }
        sum
    }
}
