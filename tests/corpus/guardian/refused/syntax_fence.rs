// refused: syntax: 
```rust
impl Account { pub fn f(&self) -> i64 { 1 } }
```
