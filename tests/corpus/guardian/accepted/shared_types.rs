impl Account {
    pub fn settle(&mut self, with: ObjectRef, others: &[ObjectRef]) -> Result<i64, String> {
        let mut seen: SharedSet<i64> = SharedSet::new();
        let mut list: SharedList<ObjectRef> = Vec::new();
        for other in others.iter().filter(|other| **other != with) {
            list.push(*other);
            seen.insert(other.send::<i64>("total", ())?);
        }
        let sum: Counter = with.send("add", (seen.len() as i64, list))?;
        self.count += sum;
        self.mark_changed();
        Ok(self.count)
    }
}
