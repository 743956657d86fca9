// refused: forbidden: `std::net::TcpStream::connect`
impl Account {
    pub fn f(&self) -> i64 {
        fn g() { fn h() { std::net::TcpStream::connect("x"); } h() }
        1
    }
}
