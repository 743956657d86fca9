// struct: Matrix { cells: Vec<Vec<f64>> }
// signature: fn multiply(&mut self, other: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, String>
// shows: nested vectors, indices and a refusal
// check: {"slots": {"cells": [[1, 2], [3, 4]]}, "args": [[[0, 1], [1, 0]]], "returns": {"Ok": [[2, 1], [4, 3]]}}
// check: {"slots": {"cells": [[1, 2]]}, "args": [[[1]]], "error": true}

impl Matrix {
    pub fn multiply(&mut self, other: Vec<Vec<f64>>) -> Result<Vec<Vec<f64>>, String> {
        let inner = other.len();
        if self.cells.iter().any(|row| row.len() != inner) {
            return Err(format!("rows need {} cells", inner));
        }
        let columns = other.first().map_or(0, Vec::len);
        let mut product = vec![vec![0.0; columns]; self.cells.len()];
        for (i, row) in self.cells.iter().enumerate() {
            for j in 0..columns {
                product[i][j] = (0..inner).map(|k| row[k] * other[k][j]).sum();
            }
        }
        self.cells = product.clone();
        self.mark_changed();
        Ok(product)
    }
}
