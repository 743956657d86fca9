impl FamilyTree {
    pub fn depth(&self, parents: Vec<Option<usize>>) -> Result<usize, String> {
        let mut deepest = 0;
        for start in 0..parents.len() {
            let mut depth = 1;
            let mut node = start;
            while let Some(parent) = parents[node] {
                if parent >= parents.len() {
                    return Err(format!("there is no node {parent}"));
                }
                depth += 1;
                if depth > parents.len() {
                    return Err(format!("node {start} leads into a circle"));
                }
                node = parent;
            }
            deepest = deepest.max(depth);
        }
        Ok(deepest)
    }
}
