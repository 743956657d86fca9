// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> bool
// tries: the same from the root
// refused: forbidden: `::std::net::UdpSocket` (

use ::{std::{net::{UdpSocket as Socket}}};
impl Account {
    pub fn go(&self) -> bool {
        Socket::bind("127.0.0.1:0").is_ok()
    }
}
