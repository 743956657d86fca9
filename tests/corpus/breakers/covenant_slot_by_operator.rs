// struct: Grid { cells: Vec<Vec<i64>>, edge: (i64, i64) }
// signature: fn raise(&mut self, row: usize, column: usize) -> i64
// tries: `+=` on a cell within a slot
// refused: covenant: the method returns this without

impl Grid {
    pub fn raise(&mut self, row: usize, column: usize) -> i64 {
        self.cells[row][column] += 1;
        self.edge.0 <<= 1;
        self.edge.0
    }
}
