// struct: Pair { left: i64, right: i64 }
// signature: fn flip(&mut self)
// tries: assigns two slots at once by a tuple
// refused: covenant: the method ends here without

impl Pair {
    pub fn flip(&mut self) {
        (self.left, self.right) = (self.right, self.left);
    }
}
