// struct: Store { stock: BTreeMap<String, i64> }
// signature: fn take(&mut self, name: &str, amount: i64) -> Result<i64, String>
// shows: arms of a last `match`: marks where it returns normally, none at `Err`
// check: {"slots": {"stock": {"tea": 2}}, "args": ["tea", 2], "returns": {"Ok": 0}, "after": {"stock": {}}}
// check: {"slots": {"stock": {"tea": 3}}, "args": ["tea", 2], "returns": {"Ok": 1}, "after": {"stock": {"tea": 1}}}
// check: {"args": ["tea", 2], "returns": {"Err": "there is no tea"}}
// check: {"slots": {"stock": {"tea": 1}}, "args": ["tea", 2], "error": true}

impl Store {
    pub fn take(&mut self, name: &str, amount: i64) -> Result<i64, String> {
        match self.stock.get_mut(name) {
            None => Err(format!("there is no {name}")),
            Some(stored) if *stored < amount => Err(format!("only {} {name}", stored)),
            Some(stored) if *stored == amount => {
                self.stock.remove(name);
                self.mark_changed();
                Ok(0)
            }
            Some(stored) => {
                *stored -= amount;
                let left = *stored;
                self.mark_changed();
                Ok(left)
            }
        }
    }
}
