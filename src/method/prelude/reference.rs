//! References to objects, and the names of the types that slots may have besides those of std.

use super::host::{send, Arguments};
use super::pack::Pack;
use super::unpack::{Reader, Unpack};
use std::collections::BTreeSet;
use std::fmt;

/// A whole slot that many may change at once: amounts are added.
pub type Counter = i64;
/// A whole slot that many may change at once: elements come and go by themselves.
pub type SharedSet<T> = BTreeSet<T>;
/// A whole slot that many may change at once: elements are only appended.
pub type SharedList<T> = Vec<T>;

/// An object of the image. A method can keep it, compare it, pass it on and send to it; it cannot make one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef(u64);

impl ObjectRef {
    /// Sends `selector` to the object, as [`send`] does to one of that name.
    pub fn send<R: Unpack>(
        &self,
        selector: &str,
        arguments: impl Arguments,
    ) -> Result<R, String> {
        send(&self.to_string(), selector, arguments)
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl fmt::Debug for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Pack for ObjectRef {
    fn pack(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&[0xd7, 1]);
        out.extend_from_slice(&self.0.to_be_bytes());
    }
}

impl Unpack for ObjectRef {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.reference().map(ObjectRef)
    }
}
