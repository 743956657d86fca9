impl Addresses {
    pub fn parse(&self, text: &str) -> Result<u32, String> {
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() != 4 {
            return Err("there must be four parts".to_string());
        }
        let mut address: u32 = 0;
        for part in parts {
            let plain = !part.is_empty()
                && part.len() <= 3
                && part.bytes().all(|byte| byte.is_ascii_digit());
            if !plain || (part.len() > 1 && part.starts_with('0')) {
                return Err(format!("`{part}` is no part of an address"));
            }
            let number: u32 = part.parse().map_err(|_| "no number".to_string())?;
            if number > 255 {
                return Err(format!("{number} is above 255"));
            }
            address = address * 256 + number;
        }
        Ok(address)
    }
}
