// struct: Tasks { needs: BTreeMap<String, Vec<String>> }
// signature: fn order(&self) -> Result<Vec<String>, String>
// shows: a depth-first search by a nested function with many parameters
// check: {"slots": {"needs": {"cake": ["dough", "oven"], "dough": ["flour"]}}, "returns": {"Ok": ["flour", "dough", "oven", "cake"]}}
// check: {"slots": {"needs": {"a": ["b"], "b": ["a"]}}, "error": true}

impl Tasks {
    pub fn order(&self) -> Result<Vec<String>, String> {
        fn visit(
            name: &str,
            needs: &BTreeMap<String, Vec<String>>,
            open: &mut Vec<String>,
            done: &mut Vec<String>,
        ) -> Result<(), String> {
            if done.iter().any(|known| known == name) {
                return Ok(());
            }
            if open.iter().any(|known| known == name) {
                return Err(format!("{} needs itself", name));
            }
            open.push(name.to_string());
            for needed in needs.get(name).into_iter().flatten() {
                visit(needed, needs, open, done)?;
            }
            open.pop();
            done.push(name.to_string());
            Ok(())
        }
        let mut done = Vec::new();
        for name in self.needs.keys() {
            visit(name, &self.needs, &mut Vec::new(), &mut done)?;
        }
        Ok(done)
    }
}
