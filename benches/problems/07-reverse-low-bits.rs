impl BitTools {
    pub fn reverse_low(&self, value: u32, count: u32) -> u32 {
        let mut result = value;
        for place in 0..count {
            let bit = (value >> place) & 1;
            let target = count - 1 - place;
            result = (result & !(1 << target)) | (bit << target);
        }
        result
    }
}
