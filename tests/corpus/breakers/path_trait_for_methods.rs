// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: imports a trait without a name, for its methods
// refused: forbidden: `std::net::ToSocketAddrs` is outside

impl Account {
    pub fn go(&self) -> bool {
        use std::net::ToSocketAddrs as _;
        "localhost:80".to_socket_addrs().is_ok()
    }
}
