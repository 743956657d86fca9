//! The host's functions, as methods see them, and the frame around a call.

use super::pack::{array, Pack};
use super::unpack::{Reader, Unpack};
use std::sync::atomic::{AtomicBool, Ordering};

mod raw {
    #[link(wasm_import_module = "batos")]
    extern "C" {
        /// Copies the call's input to `to`.
        pub fn input(to: *mut u8);
        /// Takes the call's result; once.
        pub fn output(from: *const u8, length: usize);
        /// Keeps the message of a panic that is about to trap.
        pub fn panicked(from: *const u8, length: usize);
        pub fn log(from: *const u8, length: usize);
        pub fn now() -> i64;
        pub fn random() -> i64;
        /// Sends, keeps the reply and gives its length.
        pub fn send(
            object: *const u8,
            object_length: usize,
            selector: *const u8,
            selector_length: usize,
            arguments: *const u8,
            arguments_length: usize,
        ) -> usize;
        /// Copies the last reply to `to`: a 0 and the value, or a 1 and the text of the error.
        pub fn reply(to: *mut u8);
    }
}

/// The first byte of a call's output: what follows is a result, or why the input did not fit.
const RETURNED: u8 = 0;
const WRONG_TYPE: u8 = 1;

/// A buffer that the host fills and nothing frees: it lives as long as the instance.
fn filled(length: usize, fill: unsafe extern "C" fn(*mut u8)) -> &'static [u8] {
    let mut bytes = vec![0u8; length];
    // SAFETY: the host writes exactly the announced `length` bytes, which `bytes` owns.
    unsafe { fill(bytes.as_mut_ptr()) };
    Vec::leak(bytes)
}

/// One call: reads the input, runs `body`, hands its output over.
pub fn run(length: usize, body: impl FnOnce(&mut Reader, &mut Vec<u8>) -> Result<(), String>) {
    std::panic::set_hook(Box::new(|info| {
        let message = if let Some(text) = info.payload().downcast_ref::<&str>() {
            (*text).to_owned()
        } else if let Some(text) = info.payload().downcast_ref::<String>() {
            text.clone()
        } else {
            "panic".to_owned()
        };
        let place = match info.location() {
            Some(location) if location.file().ends_with("method.rs") => {
                format!(" (line {})", location.line())
            }
            _ => String::new(),
        };
        let text = message + &place;
        // SAFETY: pointer and length are those of `text`, which outlives the call.
        unsafe { raw::panicked(text.as_ptr(), text.len()) };
    }));
    let mut from = Reader::new(filled(length, raw::input));
    let mut out = vec![RETURNED];
    if let Err(problem) = body(&mut from, &mut out) {
        out = vec![WRONG_TYPE];
        out.extend_from_slice(problem.as_bytes());
    }
    // SAFETY: pointer and length are those of `out`, which outlives the call.
    unsafe { raw::output(out.as_ptr(), out.len()) };
}

/// Whether the method was left by a `?` on `None`. An instance makes one call.
static LEFT: AtomicBool = AtomicBool::new(false);

/// Stands around the operand of each `?` by which the method may leave with `None`.
pub fn asked<T>(operand: Option<T>) -> Option<T> {
    if operand.is_none() {
        LEFT.store(true, Ordering::Relaxed);
    }
    operand
}

/// Whether a `?` on `None` has ended the method.
pub fn has_left() -> bool {
    LEFT.load(Ordering::Relaxed)
}

/// The arguments of a [`send`]: a tuple (`(2.5,)`, `()`), or a list of values of one type.
pub trait Arguments {
    fn pack_arguments(&self, out: &mut Vec<u8>);
}

impl Arguments for () {
    fn pack_arguments(&self, out: &mut Vec<u8>) {
        array(out, 0);
    }
}

impl<T: Pack, const N: usize> Arguments for [T; N] {
    fn pack_arguments(&self, out: &mut Vec<u8>) {
        self.pack(out);
    }
}

impl<T: Pack> Arguments for Vec<T> {
    fn pack_arguments(&self, out: &mut Vec<u8>) {
        self.pack(out);
    }
}

macro_rules! tuples {
    ($($($t:ident)+;)*) => { $(
        impl<$($t: Pack),+> Arguments for ($($t,)+) {
            fn pack_arguments(&self, out: &mut Vec<u8>) {
                self.pack(out);
            }
        }
    )* };
}
tuples! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }

/// Sends `selector` to `object` and gives the value, or why there is none.
///
/// When the other method returns a `Result`, ask either for that `Result` or for what is in its `Ok`;
/// in the second case its `Err` becomes the error.
pub fn send<R: Unpack>(
    object: &str,
    selector: &str,
    arguments: impl Arguments,
) -> Result<R, String> {
    let mut packed = Vec::new();
    arguments.pack_arguments(&mut packed);
    // SAFETY: each pointer and length belong to one slice that outlives the call.
    let length = unsafe {
        raw::send(
            object.as_ptr(),
            object.len(),
            selector.as_ptr(),
            selector.len(),
            packed.as_ptr(),
            packed.len(),
        )
    };
    let reply = filled(length, raw::reply);
    match reply.split_first() {
        Some((0, value)) => unpack_reply(value),
        Some((_, error)) => Err(String::from_utf8_lossy(error).into_owned()),
        None => Err("the reply is empty".into()),
    }
}

fn unpack_reply<R: Unpack>(value: &'static [u8]) -> Result<R, String> {
    let mut from = Reader::new(value);
    match R::unpack(&mut from) {
        Ok(value) if from.is_at_end() => return Ok(value),
        _ => {}
    }
    match <Result<R, String>>::unpack(&mut Reader::new(value)) {
        Ok(inner) => inner,
        Err(problem) => Err(format!("the reply is of another type: {}", problem)),
    }
}

/// The transaction's time in milliseconds since 1970: the same for every call in it.
pub fn now() -> i64 {
    // SAFETY: takes and gives plain numbers.
    unsafe { raw::now() }
}

/// From 0 to below 1, by the transaction's seed.
pub fn random() -> f64 {
    (random_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Any 64 bits, by the transaction's seed.
pub fn random_u64() -> u64 {
    // SAFETY: takes and gives plain numbers.
    unsafe { raw::random() as u64 }
}

/// Writes a line to the metacognition log.
pub fn log(text: impl AsRef<str>) {
    let text = text.as_ref();
    // SAFETY: pointer and length are those of `text`, which outlives the call.
    unsafe { raw::log(text.as_ptr(), text.len()) };
}
