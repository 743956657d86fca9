// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: a forbidden trait within `<… as …>`
// refused: forbidden: `std::net::ToSocketAddrs` is outside

impl Account {
    pub fn go(&self) -> bool {
        <str as std::net::ToSocketAddrs>::to_socket_addrs("localhost:80").is_ok()
    }
}
