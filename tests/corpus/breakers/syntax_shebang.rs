// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: a first line for another interpreter
// refused: forbidden, form: this construct is not allowed

#!/bin/sh -c reboot
impl Account {
    pub fn go(&self) -> i64 {
        1
    }
}
