//! A frame is read back exactly, or the reason why it cannot be is told apart.

use std::io::Cursor;

use batos::wire::frame::{self, FrameError, FrameReader, FrameWriter, MAX_FRAME_BYTES};
use batos::wire::messages::{FromKernel, MissionInput, Reply, Request, ToKernel};
use tokio::io::AsyncWriteExt;

fn words(text: &str) -> ToKernel {
    ToKernel {
        id: 7,
        request: Request::StartMission(MissionInput::Words(text.to_owned())),
    }
}

fn read_back(bytes: &[u8]) -> Result<Option<ToKernel>, FrameError> {
    let blocking = frame::read_sync::<ToKernel>(&mut Cursor::new(bytes));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let asynchronous = runtime.block_on(frame::read(&mut Cursor::new(bytes)));
    assert_eq!(
        format!("{blocking:?}"),
        format!("{asynchronous:?}"),
        "the twins must agree"
    );
    asynchronous
}

#[test]
fn what_is_written_is_read_back() {
    for text in ["", "teach Account to deposit", &"long ".repeat(200_000)] {
        let message = words(text);
        let mut stream = Vec::new();
        frame::write_sync(&mut stream, &message).unwrap();
        assert_eq!(stream, frame::encode(&message).unwrap());
        assert_eq!(read_back(&stream).unwrap(), Some(message));
    }
}

#[test]
fn a_clean_close_is_not_a_cut() {
    assert_eq!(read_back(&[]).unwrap(), None);
    let whole = frame::encode(&words("hello")).unwrap();
    for end in 1..whole.len() {
        let result = read_back(&whole[..end]);
        assert!(
            matches!(result, Err(FrameError::Cut { missing }) if missing > 0),
            "{end}: {result:?}"
        );
    }
}

#[test]
fn every_flipped_bit_is_noticed() {
    let whole = frame::encode(&words("hello")).unwrap();
    for bit in 0..whole.len() * 8 {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(read_back(&damaged).is_err(), "bit {bit} went unnoticed");
    }
}

#[test]
fn a_length_over_the_limit_is_refused_before_its_body() {
    let mut header = u32::try_from(MAX_FRAME_BYTES + 1)
        .unwrap()
        .to_le_bytes()
        .to_vec();
    header.extend([0; 4]);
    let result = read_back(&header);
    assert!(matches!(result, Err(FrameError::TooLong { bytes }) if bytes == MAX_FRAME_BYTES + 1));
    insta::assert_snapshot!(
        result.unwrap_err(),
        @"a message of 16777217 bytes is over the limit of 16777216 bytes"
    );
}

#[test]
fn a_message_over_the_limit_is_not_sent() {
    let error = frame::encode(&words(&"x".repeat(MAX_FRAME_BYTES))).unwrap_err();
    assert!(matches!(error, FrameError::TooLong { .. }));
}

#[test]
fn an_intact_body_of_another_type_is_unknown_not_read() {
    // A right checksum over bytes that are no `FromKernel`: an enum tag that does not exist.
    let mut body = frame::encode(&FromKernel::Reply {
        id: 1,
        reply: Reply::Stopping,
    })
    .unwrap()[8..]
        .to_vec();
    body.iter_mut().for_each(|byte| *byte = 0xee);
    let mut frame = u32::try_from(body.len()).unwrap().to_le_bytes().to_vec();
    frame.extend(&blake3::hash(&body).as_bytes()[..4]);
    frame.extend(&body);
    let result = frame::read_sync::<FromKernel>(&mut Cursor::new(frame));
    assert!(
        matches!(result, Err(FrameError::Unknown { .. })),
        "{result:?}"
    );
}

#[tokio::test]
async fn a_reader_that_is_cancelled_loses_nothing() {
    let (near, mut far) = tokio::io::duplex(64);
    let mut reader = FrameReader::<_, ToKernel>::new(near);
    let mut bytes = frame::encode(&words("first")).unwrap();
    bytes.extend(frame::encode(&words("second")).unwrap());
    let mut got = Vec::new();
    for byte in bytes {
        far.write_all(&[byte]).await.unwrap();
        tokio::select! {
            biased;
            message = reader.next() => got.push(message.unwrap().unwrap()),
            () = std::future::ready(()) => {}
        }
    }
    drop(far);
    while let Some(message) = reader.next().await.unwrap() {
        got.push(message);
    }
    assert_eq!(got, [words("first"), words("second")]);
}

#[tokio::test]
async fn a_writer_and_a_reader_meet() {
    let (near, far) = tokio::io::duplex(16);
    let mut writer = FrameWriter::<_, ToKernel>::new(near);
    let sent = tokio::spawn(async move {
        writer.send(&words("over a narrow pipe")).await.unwrap();
        writer.close().await.unwrap();
    });
    let mut reader = FrameReader::<_, ToKernel>::new(far);
    assert_eq!(
        reader.next().await.unwrap(),
        Some(words("over a narrow pipe"))
    );
    assert_eq!(reader.next().await.unwrap(), None);
    sent.await.unwrap();
}
