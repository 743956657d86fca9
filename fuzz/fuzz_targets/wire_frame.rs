//! Frames and the messages in them, in all four directions, and hellos.
//!
//! The first byte says what the others are: 0 a stream as it is, 1 a body that gets a header which
//! fits, anything else changes (place, byte) to a message of ours.
#![no_main]

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use batos_fuzz::examples::messages;
use batos_fuzz::wire::engine::{FromEngine, ToEngine};
use batos_fuzz::wire::frame::{self, FrameError, Message};
use batos_fuzz::wire::messages::{FromKernel, ToKernel};
use batos_fuzz::wire::socket::{HELLO_BYTES, Hello};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((how, rest)) = bytes.split_first() else {
        return;
    };
    match how {
        0 => all(rest),
        1 => all(&framed(rest)),
        number => {
            let messages = messages();
            let mut body = messages[usize::from(*number) % messages.len()].clone();
            for change in rest.chunks_exact(3) {
                let at = usize::from(u16::from_le_bytes([change[0], change[1]]));
                let length = body.len();
                body[at % length] = change[2];
            }
            all(&framed(&body));
        }
    }
    hello(rest);
});

fn framed(body: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(body.len()).unwrap().to_le_bytes().to_vec();
    frame.extend_from_slice(&blake3::hash(body).as_bytes()[..4]);
    frame.extend_from_slice(body);
    frame
}

fn all(stream: &[u8]) {
    one::<ToKernel>(stream);
    one::<FromKernel>(stream);
    one::<ToEngine>(stream);
    one::<FromEngine>(stream);
}

fn one<T: Message>(stream: &[u8]) {
    let (mut blocking, mut waiting) = (stream, stream);
    loop {
        let read = frame::read_sync::<T>(&mut blocking);
        let twin = at_once(frame::read::<T>(&mut waiting));
        let (Ok(Some(message)), Ok(Some(twin))) = (&read, &twin) else {
            assert_eq!(outcome(&read), outcome(&twin));
            return;
        };
        assert_eq!(blocking, waiting, "both have read as much");
        let first = frame::encode(message).expect("what was read can be written");
        assert_eq!(first, frame::encode(twin).unwrap());
        let again = frame::read_sync::<T>(&mut first.as_slice());
        let again = again.expect("what was written is read").unwrap();
        assert_eq!(first, frame::encode(&again).unwrap());
    }
}

/// Enough to tell two outcomes apart.
fn outcome<T>(read: &Result<Option<T>, FrameError>) -> String {
    match read {
        Ok(found) => found.is_some().to_string(),
        Err(error) => error.to_string(),
    }
}

/// The outcome of a future that never has to wait.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => panic!("bytes that are there were waited for"),
    }
}

fn hello(bytes: &[u8]) {
    let Some(bytes) = bytes.first_chunk::<HELLO_BYTES>() else {
        return;
    };
    if let Ok(hello) = Hello::from_bytes(*bytes) {
        assert_eq!(Hello::from_bytes(hello.to_bytes()).unwrap(), hello);
    }
}
