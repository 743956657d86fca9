// struct: Account { balance: f64, log: Vec<String>, count: i64, items: Vec<i64>, stock: BTreeMap<String, i64>, note: Option<String> }
// signature: fn go(&self) -> u8
// tries: a known hole in the compiler's lifetimes, to read far outside of its memory without `unsafe`
// refused: sandbox: memory or panic or trap

impl Account {
    pub fn go(&self) -> u8 {
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
        let forged: &[usize; 3] = &[0xfff0_0000, 0xffff, 0xffff];
        let place: Box<&u8> = forge(Box::new(forged[0]));
        **place
    }
}
