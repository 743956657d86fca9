// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> usize
// tries: cycles of counted references, which nothing frees
// refused: sandbox: memory

impl Account {
    pub fn go(&self) -> usize {
        use std::cell::RefCell;
        use std::rc::Rc;
        struct Knot(RefCell<Option<Rc<Knot>>>, [u8; 4096]);
        let mut count = 0;
        loop {
            let knot = Rc::new(Knot(RefCell::new(None), [1; 4096]));
            *knot.0.borrow_mut() = Some(knot.clone());
            count += knot.1.len();
        }
    }
}
