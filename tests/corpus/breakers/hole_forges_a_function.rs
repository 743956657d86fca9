// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> i64
// tries: the same hole, to call a function that is none
// refused: sandbox: trap or panic or memory

impl Account {
    pub fn go(&self) -> i64 {
        static UNIT: &'static &'static () = &&();
        fn lengthen<'a, 'b, T>(_: &'a &'b (), value: &'b mut T) -> &'a mut T {
            value
        }
        fn forever<'a, 'b, T>(value: &'a mut T) -> &'b mut T {
            let lengthen: for<'x> fn(_, &'x mut T) -> &'b mut T = lengthen;
            lengthen(UNIT, value)
        }
        enum Either<A, B> {
            Left(Option<Box<A>>),
            Right(Option<Box<B>>),
        }
        #[inline(never)]
        fn swap_in<A, B>(either: &mut Either<A, B>, left: Box<A>) -> Box<B> {
            let right = match either {
                Either::Right(right) => forever(right),
                Either::Left(_) => panic!("not yet"),
            };
            *either = Either::Left(Some(left));
            right.take().unwrap()
        }
        fn forge<A, B>(left: Box<A>) -> Box<B> {
            swap_in(&mut Either::Right(None), left)
        }
        let function: Box<fn(i64) -> i64> = forge(Box::new(0x00ff_fff0usize));
        function(1)
    }
}
