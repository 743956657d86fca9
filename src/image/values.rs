//! What the image has to know of `MessagePack`: where a value ends, and what it refers to.

use rmp::Marker;
use rmp::decode::{read_array_len, read_int};

/// The extension type of a reference to an object.
const REFERENCE: u8 = 1;

/// The bytes of an array's elements, in order; `None` when this is not one whole array.
pub(super) fn elements(value: &[u8]) -> Option<Vec<&[u8]>> {
    let mut rest = value;
    let count = read_array_len(&mut rest).ok()?;
    let mut found = Vec::new();
    for _ in 0..count {
        let length = length_of(rest)?;
        let (element, after) = rest.split_at_checked(length)?;
        found.push(element);
        rest = after;
    }
    rest.is_empty().then_some(found)
}

/// An array of these elements.
pub(super) fn array(elements: &[&[u8]]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let count = u32::try_from(elements.len()).ok()?;
    rmp::encode::write_array_len(&mut bytes, count).ok()?;
    for element in elements {
        bytes.extend_from_slice(element);
    }
    Some(bytes)
}

pub(super) fn integer(mut value: &[u8]) -> Option<i128> {
    let number = read_int::<i128, _>(&mut value).ok()?;
    value.is_empty().then_some(number)
}

/// Whether these bytes are one value and nothing else.
pub(super) fn is_whole(value: &[u8]) -> bool {
    length_of(value) == Some(value.len())
}

/// Where in a whole value the numbers of objects stand that it refers to, each eight bytes, big-endian;
/// `None` when something in it is marked as a reference and is none.
pub(super) fn references(value: &[u8]) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = value.get(at..).filter(|rest| !rest.is_empty()) {
        let (header, content, _) = token(rest)?;
        let kind = match Marker::from_u8(*rest.first()?) {
            Marker::FixExt1
            | Marker::FixExt2
            | Marker::FixExt4
            | Marker::FixExt8
            | Marker::FixExt16 => rest.get(1),
            // The kind follows the length.
            Marker::Ext8 | Marker::Ext16 | Marker::Ext32 => rest.get(header),
            _ => None,
        };
        if kind == Some(&REFERENCE) {
            if rest.first() != Some(&Marker::FixExt8.to_u8()) {
                return None;
            }
            found.push(at + 2);
        }
        at = at.checked_add(header)?.checked_add(content)?;
    }
    Some(found)
}

/// How many bytes the value at the beginning takes; without recursion, so that depth costs nothing.
fn length_of(bytes: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    let mut open = 1_u64;
    while open > 0 {
        let (header, content, inner) = token(bytes.get(at..)?)?;
        at = at.checked_add(header)?.checked_add(content)?;
        open = open - 1 + inner;
        // Each value has a byte at least: more than there are bytes is no value.
        if at > bytes.len() || open > (bytes.len() - at) as u64 {
            return None;
        }
    }
    Some(at)
}

/// Of the token at the beginning: bytes of its header, bytes of its content, values inside it.
fn token(bytes: &[u8]) -> Option<(usize, usize, u64)> {
    let number = |length: usize| -> Option<u64> {
        let bytes = bytes.get(1..=length)?;
        Some(
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        )
    };
    let counted = |length: usize, more: usize| -> Option<(usize, usize, u64)> {
        let content = usize::try_from(number(length)?).ok()?;
        Some((1 + length, content.checked_add(more)?, 0))
    };
    let plain = |content: usize| Some((1, content, 0));
    match Marker::from_u8(*bytes.first()?) {
        Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => {
            plain(0)
        }
        Marker::U8 | Marker::I8 => plain(1),
        Marker::U16 | Marker::I16 | Marker::FixExt1 => plain(2),
        Marker::U32 | Marker::I32 | Marker::F32 => plain(4),
        Marker::U64 | Marker::I64 | Marker::F64 => plain(8),
        Marker::FixStr(length) => plain(length.into()),
        Marker::Str8 | Marker::Bin8 => counted(1, 0),
        Marker::Str16 | Marker::Bin16 => counted(2, 0),
        Marker::Str32 | Marker::Bin32 => counted(4, 0),
        Marker::FixExt2 => plain(3),
        Marker::FixExt4 => plain(5),
        Marker::FixExt8 => plain(9),
        Marker::FixExt16 => plain(17),
        Marker::Ext8 => counted(1, 1),
        Marker::Ext16 => counted(2, 1),
        Marker::Ext32 => counted(4, 1),
        Marker::FixArray(count) => Some((1, 0, count.into())),
        Marker::Array16 => Some((3, 0, number(2)?)),
        Marker::Array32 => Some((5, 0, number(4)?)),
        Marker::FixMap(count) => Some((1, 0, u64::from(count) * 2)),
        Marker::Map16 => Some((3, 0, number(2)? * 2)),
        Marker::Map32 => Some((5, 0, number(4)? * 2)),
        Marker::Reserved => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_falls_apart_into_its_elements_and_is_made_of_them() {
        // [1, "ab", [nil, {1: 2.0f32}], ext 1 of 8 bytes]
        let bytes: Vec<u8> = [
            &[
                0x94, 1, 0xa2, b'a', b'b', 0x92, 0xc0, 0x81, 1, 0xca, 0, 0, 0, 0,
            ][..],
            &[0xd7, 1, 0, 0, 0, 0, 0, 0, 0, 9],
        ]
        .concat();
        let found = elements(&bytes).unwrap_or_default();
        assert_eq!(
            found.iter().map(|part| part.len()).collect::<Vec<_>>(),
            [1, 3, 9, 10]
        );
        assert_eq!(array(&found), Some(bytes.clone()));
        for length in 0..bytes.len() {
            assert_eq!(elements(bytes.get(..length).unwrap_or_default()), None);
        }
    }

    #[test]
    fn claims_of_more_than_there_is_are_refused() {
        assert_eq!(elements(&[0xdd, 0xff, 0xff, 0xff, 0xff, 1]), None);
        assert_eq!(elements(&[0x91, 0xdf, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(elements(&[0x91, 0xdb, 0xff, 0xff, 0xff, 0xff, 0]), None);
        let deep = [vec![0x91; 100_000], vec![1]].concat();
        assert_eq!(elements(&deep).map(|found| found.len()), Some(1));
    }

    #[test]
    fn references_are_found_wherever_they_stand() {
        // {"a": [ref 2, nil], ref 3: bin [0xd7, 1]}
        let bytes: Vec<u8> = [
            &[
                0x82, 0xa1, b'a', 0x92, 0xd7, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0xc0,
            ][..],
            &[0xd7, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0xc4, 2, 0xd7, 1],
        ]
        .concat();
        assert!(is_whole(&bytes));
        assert_eq!(references(&bytes), Some(vec![6, 17]));
        // Another kind of extension; one that is too short for a reference, and one with its length.
        assert_eq!(references(&[0xd7, 2, 0, 0, 0, 0, 0, 0, 0, 3]), Some(vec![]));
        assert_eq!(references(&[0xd6, 1, 0, 0, 0, 3]), None);
        assert_eq!(references(&[0xc7, 8, 1, 0, 0, 0, 0, 0, 0, 0, 3]), None);
    }
}
