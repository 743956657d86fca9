impl Account {
    pub fn grid(&self) -> usize {
        type Grid = Vec<Vec<i64>>;
        let g: Grid = vec![vec![0; 2]; 3];
        <Vec<i64>>::len(&g[0]) + <Grid as IntoIterator>::into_iter(g).count()
    }
}
