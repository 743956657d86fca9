// struct: Store { stock: BTreeMap<String, i64> }
// signature: fn report(&self) -> String
// shows: iterators, formatting and joining
// check: {"slots": {"stock": {"tea": 2, "salt": 11}}, "returns": "salt ...... 11\ntea ........ 2"}

impl Store {
    pub fn report(&self) -> String {
        let lines: Vec<String> = self
            .stock
            .iter()
            .map(|(name, amount)| {
                let amount = amount.to_string();
                let dots = ".".repeat(12usize.saturating_sub(name.len() + amount.len()).max(1));
                format!("{} {} {}", name, dots, amount)
            })
            .collect();
        lines.join("\n")
    }
}
