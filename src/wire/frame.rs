//! Frames: how one message becomes bytes and comes back.
//!
//! A frame is `length: u32 LE`, `checksum: u32 LE` (the first four bytes of the body's BLAKE3 hash), then
//! `length` bytes of rkyv. [`encode`] and [`Partial::finish`] are the only encoder and decoder in the program;
//! asynchronous and blocking input and output share them. A body is validated before anything in it is read,
//! and a length over [`MAX_FRAME_BYTES`] is refused before memory is taken for it.

use std::io::{self, Read, Write};
use std::marker::PhantomData;

use rkyv::api::high::{HighDeserializer, HighSerializer, HighValidator};
use rkyv::bytecheck::CheckBytes;
use rkyv::ser::allocator::ArenaHandle;
use rkyv::{Archive, Deserialize, Serialize, rancor};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

/// The longest body that is sent or accepted.
pub const MAX_FRAME_BYTES: usize = 16 << 20;

const HEADER_BYTES: usize = 8;

/// Memory taken ahead of the bytes that have really arrived.
const READ_AHEAD_BYTES: usize = 64 << 10;

/// Why a frame could not be written or read. After any of these the stream is no longer usable.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("could not read from the other process")]
    Read(#[source] io::Error),
    #[error("could not write to the other process")]
    Write(#[source] io::Error),
    /// The stream ended inside a frame: the other process died while it was writing.
    #[error("the connection was cut inside a message, with {missing} bytes or more still to come")]
    Cut { missing: usize },
    #[error("a message of {bytes} bytes is over the limit of {MAX_FRAME_BYTES} bytes")]
    TooLong { bytes: usize },
    #[error("a message arrived damaged: its checksum does not match its {bytes} bytes")]
    Damaged { bytes: usize },
    /// The checksum is right and the body is not a message of the expected type: another version wrote it.
    #[error("a message of {bytes} bytes is not one that this batos knows")]
    Unknown {
        bytes: usize,
        #[source]
        source: rancor::Error,
    },
    #[error("could not encode a message")]
    Encode(#[source] rancor::Error),
}

/// Anything that can travel in a frame; implemented for every type that has the rkyv derives.
pub trait Message:
    Archive<
        Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>
                      + Deserialize<Self, HighDeserializer<rancor::Error>>,
    > + for<'a> Serialize<HighSerializer<Vec<u8>, ArenaHandle<'a>, rancor::Error>>
    + Sized
{
}

impl<T> Message for T where
    T: Archive<
            Archived: for<'a> CheckBytes<HighValidator<'a, rancor::Error>>
                          + Deserialize<T, HighDeserializer<rancor::Error>>,
        > + for<'a> Serialize<HighSerializer<Vec<u8>, ArenaHandle<'a>, rancor::Error>>
{
}

/// The whole frame for one message, ready to be written in one go.
pub fn encode<T: Message>(message: &T) -> Result<Vec<u8>, FrameError> {
    let started = vec![0; HEADER_BYTES];
    let mut frame = rkyv::api::high::to_bytes_in(message, started).map_err(FrameError::Encode)?;
    let bytes = frame.len() - HEADER_BYTES;
    let length = match u32::try_from(bytes) {
        Ok(length) if bytes <= MAX_FRAME_BYTES => length,
        _ => return Err(FrameError::TooLong { bytes }),
    };
    if let Some((header, body)) = frame.split_first_chunk_mut::<HEADER_BYTES>() {
        *header = Header {
            length,
            checksum: checksum(body),
        }
        .to_bytes();
    }
    Ok(frame)
}

/// Writes one message. Not cancel safe: a dropped future may have written half a frame.
pub async fn write<T: Message>(
    writer: &mut (impl AsyncWrite + Unpin),
    message: &T,
) -> Result<(), FrameError> {
    let frame = encode(message)?;
    writer.write_all(&frame).await.map_err(FrameError::Write)?;
    writer.flush().await.map_err(FrameError::Write)
}

/// Reads one message; `None` when the stream was closed between two frames.
///
/// Not cancel safe: a dropped future may have taken half a frame. [`FrameReader::next`] is.
pub async fn read<T: Message>(
    reader: &mut (impl AsyncRead + Unpin),
) -> Result<Option<T>, FrameError> {
    Partial::default().fill(reader).await
}

/// Writes one message, blocking. The twin of [`write`].
pub fn write_sync<T: Message>(writer: &mut impl Write, message: &T) -> Result<(), FrameError> {
    let frame = encode(message)?;
    writer.write_all(&frame).map_err(FrameError::Write)?;
    writer.flush().map_err(FrameError::Write)
}

/// Reads one message, blocking; `None` when the stream was closed between two frames. The twin of [`read`].
pub fn read_sync<T: Message>(reader: &mut impl Read) -> Result<Option<T>, FrameError> {
    let mut partial = Partial::default();
    loop {
        let missing = partial.missing()?;
        if missing == 0 {
            return partial.finish().map(Some);
        }
        let limit = missing.min(READ_AHEAD_BYTES) as u64;
        match reader.by_ref().take(limit).read_to_end(&mut partial.bytes) {
            Ok(0) => return partial.ended(),
            Ok(_) => {}
            Err(error) => return Err(FrameError::Read(error)),
        }
    }
}

/// The reading half of a stream that carries messages of one type.
#[derive(Debug)]
pub struct FrameReader<R, T> {
    stream: BufReader<R>,
    partial: Partial,
    messages: PhantomData<fn() -> T>,
}

impl<R: AsyncRead + Unpin, T: Message> FrameReader<R, T> {
    pub fn new(stream: R) -> Self {
        Self {
            stream: BufReader::new(stream),
            partial: Partial::default(),
            messages: PhantomData,
        }
    }

    /// The next message; `None` when the other side closed the stream between two frames.
    ///
    /// Cancel safe: what has arrived of a frame is kept for the next call.
    pub async fn next(&mut self) -> Result<Option<T>, FrameError> {
        self.partial.fill(&mut self.stream).await
    }
}

/// The writing half of a stream that carries messages of one type.
#[derive(Debug)]
pub struct FrameWriter<W, T> {
    stream: W,
    messages: PhantomData<fn(T)>,
}

impl<W: AsyncWrite + Unpin, T: Message> FrameWriter<W, T> {
    pub fn new(stream: W) -> Self {
        Self {
            stream,
            messages: PhantomData,
        }
    }

    /// Writes one message. Not cancel safe: after a dropped future the stream must be given up.
    pub async fn send(&mut self, message: &T) -> Result<(), FrameError> {
        write(&mut self.stream, message).await
    }

    /// Tells the other side that nothing more comes.
    pub async fn close(&mut self) -> Result<(), FrameError> {
        self.stream.shutdown().await.map_err(FrameError::Write)
    }
}

#[derive(Debug, Clone, Copy)]
struct Header {
    length: u32,
    checksum: u32,
}

impl Header {
    fn to_bytes(self) -> [u8; HEADER_BYTES] {
        (u64::from(self.length) | u64::from(self.checksum) << 32).to_le_bytes()
    }

    fn from_bytes(bytes: [u8; HEADER_BYTES]) -> Self {
        let [l0, l1, l2, l3, c0, c1, c2, c3] = bytes;
        Self {
            length: u32::from_le_bytes([l0, l1, l2, l3]),
            checksum: u32::from_le_bytes([c0, c1, c2, c3]),
        }
    }
}

fn checksum(body: &[u8]) -> u32 {
    let [a, b, c, d, ..] = *blake3::hash(body).as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// What has arrived of one frame.
#[derive(Debug, Default)]
struct Partial {
    bytes: Vec<u8>,
}

impl Partial {
    /// How many bytes are still to come, as far as can be told; 0 when the frame is whole.
    fn missing(&self) -> Result<usize, FrameError> {
        let Some((header, body)) = self.bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Ok(HEADER_BYTES - self.bytes.len());
        };
        let bytes = Header::from_bytes(*header).length as usize;
        if bytes > MAX_FRAME_BYTES {
            return Err(FrameError::TooLong { bytes });
        }
        Ok(bytes.saturating_sub(body.len()))
    }

    async fn fill<T: Message>(
        &mut self,
        stream: &mut (impl AsyncRead + Unpin),
    ) -> Result<Option<T>, FrameError> {
        loop {
            let missing = self.missing()?;
            if missing == 0 {
                return self.finish().map(Some);
            }
            self.bytes.reserve(missing.min(READ_AHEAD_BYTES));
            match (&mut *stream)
                .take(missing as u64)
                .read_buf(&mut self.bytes)
                .await
            {
                Ok(0) => return self.ended(),
                Ok(_) => {}
                Err(error) => return Err(FrameError::Read(error)),
            }
        }
    }

    /// The message of a whole frame; what comes next starts from nothing.
    fn finish<T: Message>(&mut self) -> Result<T, FrameError> {
        let frame = std::mem::take(&mut self.bytes);
        let Some((header, body)) = frame.split_first_chunk::<HEADER_BYTES>() else {
            return Err(FrameError::Cut {
                missing: HEADER_BYTES,
            });
        };
        let bytes = body.len();
        if checksum(body) != Header::from_bytes(*header).checksum {
            return Err(FrameError::Damaged { bytes });
        }
        rkyv::from_bytes::<T, rancor::Error>(body)
            .map_err(|source| FrameError::Unknown { bytes, source })
    }

    /// The stream has ended: cleanly only when nothing of a frame has arrived.
    fn ended<T>(&self) -> Result<Option<T>, FrameError> {
        match (self.bytes.is_empty(), self.missing()?) {
            (true, _) => Ok(None),
            (false, missing) => Err(FrameError::Cut { missing }),
        }
    }
}
