// refused: form: implements a trait
impl Clone for Account {
    fn clone(&self) -> Self { loop {} }
}
