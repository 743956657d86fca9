// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: two functions that call each other through pointers
// refused: sandbox: memory or fuel or deadline

impl Account {
    pub fn go(&self) -> i64 {
        fn ping(n: i64, other: fn(i64) -> i64) -> i64 {
            other(n) ^ n
        }
        fn pong(n: i64) -> i64 {
            ping(n.wrapping_add(1), pong) ^ 3
        }
        pong(self.count)
    }
}
