// refused: forbidden: `std::net::TcpStream`
use std::{collections::{HashMap, hash_map::{self, Entry}}, net::{TcpStream as T, UdpSocket}};
impl Account {
    pub fn f(&self) -> i64 {
        1
    }
}
