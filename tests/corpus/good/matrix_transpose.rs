// struct: Matrix { cells: [[i32; 3]; 2] }
// signature: fn transposed(&self) -> [[i32; 2]; 3]
// shows: arrays of arrays
// check: {"slots": {"cells": [[1, 2, 3], [4, 5, 6]]}, "returns": [[1, 4], [2, 5], [3, 6]]}

impl Matrix {
    pub fn transposed(&self) -> [[i32; 2]; 3] {
        let mut turned = [[0; 2]; 3];
        for (i, row) in self.cells.iter().enumerate() {
            for (j, cell) in row.iter().enumerate() {
                turned[j][i] = *cell;
            }
        }
        turned
    }
}
