// struct: Math { unused: bool }
// signature: fn roman(&self, number: u32) -> Option<String>
// shows: a constant table, `if` with `else`, mutable parameters
// check: {"args": [1994], "returns": "MCMXCIV"}
// check: {"args": [0], "returns": null}

impl Math {
    pub fn roman(&self, number: u32) -> Option<String> {
        const TABLE: [(u32, &str); 13] = [
            (1000, "M"),
            (900, "CM"),
            (500, "D"),
            (400, "CD"),
            (100, "C"),
            (90, "XC"),
            (50, "L"),
            (40, "XL"),
            (10, "X"),
            (9, "IX"),
            (5, "V"),
            (4, "IV"),
            (1, "I"),
        ];
        if number == 0 || number >= 4000 {
            None
        } else {
            let mut left = number;
            let mut text = String::new();
            for (value, letters) in TABLE {
                while left >= value {
                    text.push_str(letters);
                    left -= value;
                }
            }
            Some(text)
        }
    }
}
