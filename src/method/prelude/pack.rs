//! Values to MessagePack, in the canonical form: the shortest integers, one NaN, maps and sets ordered by
//! their packed keys.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// A value that can leave a method.
pub trait Pack {
    fn pack(&self, out: &mut Vec<u8>);
}

fn natural(out: &mut Vec<u8>, value: u128) {
    if value < 0x80 {
        out.push(value as u8);
    } else if value <= u8::MAX as u128 {
        out.extend_from_slice(&[0xcc, value as u8]);
    } else if value <= u16::MAX as u128 {
        out.push(0xcd);
        out.extend_from_slice(&(value as u16).to_be_bytes());
    } else if value <= u32::MAX as u128 {
        out.push(0xce);
        out.extend_from_slice(&(value as u32).to_be_bytes());
    } else if value <= u64::MAX as u128 {
        out.push(0xcf);
        out.extend_from_slice(&(value as u64).to_be_bytes());
    } else {
        wide(out, value);
    }
}

fn negative(out: &mut Vec<u8>, value: i128) {
    if value >= -32 {
        out.push(value as i8 as u8);
    } else if value >= i8::MIN as i128 {
        out.extend_from_slice(&[0xd0, value as i8 as u8]);
    } else if value >= i16::MIN as i128 {
        out.push(0xd1);
        out.extend_from_slice(&(value as i16).to_be_bytes());
    } else if value >= i32::MIN as i128 {
        out.push(0xd2);
        out.extend_from_slice(&(value as i32).to_be_bytes());
    } else if value >= i64::MIN as i128 {
        out.push(0xd3);
        out.extend_from_slice(&(value as i64).to_be_bytes());
    } else {
        wide(out, value as u128);
    }
}

/// Beyond 64 bits: 16 bytes of binary, the highest first.
fn wide(out: &mut Vec<u8>, value: u128) {
    out.extend_from_slice(&[0xc4, 16]);
    out.extend_from_slice(&value.to_be_bytes());
}

fn length(out: &mut Vec<u8>, few: (u8, usize), more: u8, length: usize) {
    if length < few.1 {
        out.push(few.0 | length as u8);
    } else if length <= u16::MAX as usize {
        out.push(more);
        out.extend_from_slice(&(length as u16).to_be_bytes());
    } else {
        out.push(more + 1);
        out.extend_from_slice(&(length as u32).to_be_bytes());
    }
}

/// Starts an array of so many values.
pub fn array(out: &mut Vec<u8>, count: usize) {
    length(out, (0x90, 16), 0xdc, count);
}

fn map(out: &mut Vec<u8>, count: usize) {
    length(out, (0x80, 16), 0xde, count);
}

macro_rules! integers {
    ($($t:ty)*) => { $(
        impl Pack for $t {
            #[allow(unused_comparisons)]
            fn pack(&self, out: &mut Vec<u8>) {
                if *self < 0 { negative(out, *self as i128) } else { natural(out, *self as u128) }
            }
        }
    )* };
}
integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl Pack for f32 {
    fn pack(&self, out: &mut Vec<u8>) {
        let bits = if self.is_nan() {
            0x7fc0_0000
        } else {
            self.to_bits()
        };
        out.push(0xca);
        out.extend_from_slice(&bits.to_be_bytes());
    }
}

impl Pack for f64 {
    fn pack(&self, out: &mut Vec<u8>) {
        let bits = if self.is_nan() {
            0x7ff8_0000_0000_0000
        } else {
            self.to_bits()
        };
        out.push(0xcb);
        out.extend_from_slice(&bits.to_be_bytes());
    }
}

impl Pack for () {
    fn pack(&self, out: &mut Vec<u8>) {
        out.push(0xc0);
    }
}

impl Pack for bool {
    fn pack(&self, out: &mut Vec<u8>) {
        out.push(if *self { 0xc3 } else { 0xc2 });
    }
}

impl Pack for char {
    fn pack(&self, out: &mut Vec<u8>) {
        self.encode_utf8(&mut [0; 4]).pack(out);
    }
}

impl Pack for str {
    fn pack(&self, out: &mut Vec<u8>) {
        if (32..=u8::MAX as usize).contains(&self.len()) {
            out.extend_from_slice(&[0xd9, self.len() as u8]);
        } else {
            length(out, (0xa0, 32), 0xda, self.len());
        }
        out.extend_from_slice(self.as_bytes());
    }
}

impl Pack for String {
    fn pack(&self, out: &mut Vec<u8>) {
        self.as_str().pack(out);
    }
}

impl<T: Pack + ?Sized> Pack for &T {
    fn pack(&self, out: &mut Vec<u8>) {
        (**self).pack(out);
    }
}

impl<T: Pack + ?Sized> Pack for Box<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        (**self).pack(out);
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.pack(out),
            None => out.push(0xc0),
        }
    }
}

impl<T: Pack, E: Pack> Pack for Result<T, E> {
    fn pack(&self, out: &mut Vec<u8>) {
        map(out, 1);
        match self {
            Ok(value) => {
                "Ok".pack(out);
                value.pack(out);
            }
            Err(error) => {
                "Err".pack(out);
                error.pack(out);
            }
        }
    }
}

impl<T: Pack> Pack for [T] {
    fn pack(&self, out: &mut Vec<u8>) {
        array(out, self.len());
        for item in self {
            item.pack(out);
        }
    }
}

impl<T: Pack, const N: usize> Pack for [T; N] {
    fn pack(&self, out: &mut Vec<u8>) {
        self.as_slice().pack(out);
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.as_slice().pack(out);
    }
}

impl<T: Pack> Pack for VecDeque<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        array(out, self.len());
        for item in self {
            item.pack(out);
        }
    }
}

fn packed<T: Pack + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    value.pack(&mut out);
    out
}

fn set<'a, T: Pack + 'a>(out: &mut Vec<u8>, items: impl Iterator<Item = &'a T>) {
    let mut items: Vec<Vec<u8>> = items.map(|item| packed(item)).collect();
    items.sort_unstable();
    array(out, items.len());
    for item in items {
        out.extend_from_slice(&item);
    }
}

fn pairs<'a, K: Pack + 'a, V: Pack + 'a>(
    out: &mut Vec<u8>,
    items: impl Iterator<Item = (&'a K, &'a V)>,
) {
    let mut items: Vec<(Vec<u8>, &V)> = items.map(|(key, value)| (packed(key), value)).collect();
    items.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    map(out, items.len());
    for (key, value) in items {
        out.extend_from_slice(&key);
        value.pack(out);
    }
}

impl<T: Pack> Pack for BTreeSet<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        set(out, self.iter());
    }
}

impl<T: Pack, S> Pack for HashSet<T, S> {
    fn pack(&self, out: &mut Vec<u8>) {
        set(out, self.iter());
    }
}

impl<K: Pack, V: Pack> Pack for BTreeMap<K, V> {
    fn pack(&self, out: &mut Vec<u8>) {
        pairs(out, self.iter());
    }
}

impl<K: Pack, V: Pack, S> Pack for HashMap<K, V, S> {
    fn pack(&self, out: &mut Vec<u8>) {
        pairs(out, self.iter());
    }
}

macro_rules! tuples {
    ($($count:literal $($t:ident)+;)*) => { $(
        impl<$($t: Pack),+> Pack for ($($t,)+) {
            #[allow(non_snake_case)]
            fn pack(&self, out: &mut Vec<u8>) {
                let ($($t,)+) = self;
                array(out, $count);
                $($t.pack(out);)+
            }
        }
    )* };
}
tuples! {
    1 A; 2 A B; 3 A B C; 4 A B C D; 5 A B C D E; 6 A B C D E F; 7 A B C D E F G; 8 A B C D E F G H;
}
