// refused: forbidden: attribute `export_name`
impl Account {
    #[export_name = "main"]
    pub fn f(&self) -> i64 { 1 }
}
