impl Notebook {
    pub fn rename_tag(&mut self, old: &str, new: &str) -> usize {
        let mut changed = 0;
        if old != new {
            for tags in self.notes.values_mut() {
                if let Some(place) = tags.iter().position(|tag| tag == old) {
                    if tags.iter().any(|tag| tag == new) {
                        tags.remove(place);
                    } else {
                        tags[place] = new.to_string();
                    }
                    changed += 1;
                }
            }
        }
        self.mark_changed();
        changed
    }
}
