impl SharedCosts {
    pub fn settle(&self, paid: BTreeMap<String, i64>) -> BTreeMap<String, i64> {
        if paid.is_empty() {
            return BTreeMap::new();
        }
        let total: i64 = paid.values().sum();
        let share = total / paid.len() as i64;
        paid.into_iter()
            .map(|(name, amount)| (name, amount - share))
            .collect()
    }
}
