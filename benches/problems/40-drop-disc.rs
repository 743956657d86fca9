impl ConnectFour {
    pub fn drop_disc(&mut self, column: usize) -> Result<usize, String> {
        let turn = self.turn;
        let height = self.height;
        let stack = match self.columns.get_mut(column) {
            Some(stack) => stack,
            None => return Err(format!("there is no column {column}")),
        };
        let row = stack.chars().count();
        if row >= height {
            return Err(format!("column {column} is full"));
        }
        stack.push(turn);
        self.turn = if turn == 'X' { 'O' } else { 'X' };
        self.mark_changed();
        Ok(row)
    }
}
