// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a bound whose proof needs a greater proof
// refused: compile: E0275 or overflow

impl Account {
    pub fn go(&self) -> i64 {
        struct Wrap<T>(T);
        impl<T> Clone for Wrap<T>
        where
            Wrap<Wrap<T>>: Clone,
        {
            fn clone(&self) -> Self {
                loop {}
            }
        }
        let wrapped = Wrap(1i64).clone();
        wrapped.0
    }
}
