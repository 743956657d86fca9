//! How references to objects are written where people read and write values: by name, or by number as `#17`.

/// Who knows the objects of an image by their names.
pub trait Names {
    /// The number of the object that a text names, also one like `#17`; `None` when there is none.
    fn number(&self, text: &str) -> Option<u64>;
    /// The name of an object, when it has one.
    fn name(&self, oid: u64) -> Option<String>;
}

/// Where no image is at hand: numbers only, and each is believed.
pub struct Numbers;

impl Names for Numbers {
    fn number(&self, text: &str) -> Option<u64> {
        object_number(text)
    }

    fn name(&self, _: u64) -> Option<String> {
        None
    }
}

/// For judging the form of a value before an image is asked: every name is one.
pub struct AnyName;

impl Names for AnyName {
    fn number(&self, _: &str) -> Option<u64> {
        Some(0)
    }

    fn name(&self, _: u64) -> Option<String> {
        None
    }
}

/// `#17`: how an object without a name is written.
pub fn numbered(oid: u64) -> String {
    format!("#{oid}")
}

/// The number in a text like `#17`.
pub fn object_number(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('#')?;
    let plain = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}
