// refused: syntax: string never ends
impl Account {
    pub fn f(&self) -> String { "abc.into() }
}
