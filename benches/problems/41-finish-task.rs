impl TaskList {
    pub fn finish(&mut self, id: i64) -> Result<usize, String> {
        let task = match self.tasks.iter_mut().find(|task| task.0 == id) {
            Some(task) => task,
            None => return Err(format!("there is no task {id}")),
        };
        if task.2 {
            return Err(format!("task {id} is done already"));
        }
        task.2 = true;
        let open = self.tasks.iter().filter(|task| !task.2).count();
        self.mark_changed();
        Ok(open)
    }
}
