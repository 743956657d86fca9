//! MessagePack to values, of any valid form. The kernel has checked the types before; what does not fit
//! all the same is an error with what was expected, never a panic.
//!
//! Input lives as long as the call, which is as long as the instance: borrowed parameters borrow from it,
//! or from what is built once and never freed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};

/// A value that can enter a method.
pub trait Unpack: Sized {
    fn unpack(from: &mut Reader) -> Result<Self, String>;
}

/// Reads one value after the other.
pub struct Reader {
    rest: &'static [u8],
}

impl Reader {
    pub fn new(bytes: &'static [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub fn value<T: Unpack>(&mut self, name: &str) -> Result<T, String> {
        T::unpack(self).map_err(|problem| format!("{}: {}", name, problem))
    }

    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, count: usize) -> Result<&'static [u8], String> {
        if count > self.rest.len() {
            return Err("the value ends early".into());
        }
        let (taken, rest) = self.rest.split_at(count);
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self, size: usize) -> Result<u128, String> {
        Ok(self
            .take(size)?
            .iter()
            .fold(0, |number, byte| number << 8 | *byte as u128))
    }

    fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0xc1)
    }

    /// The length behind one of the markers, or `None` with nothing taken.
    fn length(
        &mut self,
        few: std::ops::Range<u8>,
        more: &[(u8, usize)],
    ) -> Result<Option<usize>, String> {
        let marker = self.peek();
        if few.contains(&marker) {
            self.byte()?;
            return Ok(Some((marker - few.start) as usize));
        }
        for (known, size) in more {
            if *known == marker {
                self.byte()?;
                return Ok(Some(self.number(*size)? as usize));
            }
        }
        Ok(None)
    }

    /// The length of a list that begins here.
    pub fn array(&mut self) -> Result<usize, String> {
        let length = self
            .length(0x90..0xa0, &[(0xdc, 2), (0xdd, 4)])?
            .ok_or("expected a list")?;
        // Every value takes at least a byte: no length can ask for more memory than the input has.
        if length > self.rest.len() {
            return Err("a list is longer than its bytes".into());
        }
        Ok(length)
    }

    fn map(&mut self) -> Result<usize, String> {
        let length = self
            .length(0x80..0x90, &[(0xde, 2), (0xdf, 4)])?
            .ok_or("expected a map")?;
        if length > self.rest.len() {
            return Err("a map is longer than its bytes".into());
        }
        Ok(length)
    }

    fn text(&mut self) -> Result<&'static str, String> {
        let length = self
            .length(0xa0..0xc0, &[(0xd9, 1), (0xda, 2), (0xdb, 4)])?
            .ok_or("expected text")?;
        std::str::from_utf8(self.take(length)?).map_err(|_| "text is not UTF-8".into())
    }

    /// The number of an object.
    pub fn reference(&mut self) -> Result<u64, String> {
        if self.peek() != 0xd7 {
            return Err("expected an object".into());
        }
        let head = self.take(2)?;
        if head[1] != 1 {
            return Err("expected an object".into());
        }
        Ok(self.number(8)? as u64)
    }

    fn items<T: Unpack, C: FromIterator<T>>(&mut self) -> Result<C, String> {
        let length = self.array()?;
        (0..length).map(|_| T::unpack(self)).collect()
    }

    /// Below zero, or not: an integer of any size.
    fn integer(&mut self, signed: bool) -> Result<Integer, String> {
        let marker = self.byte()?;
        Ok(match marker {
            0..=0x7f => Integer::Natural(marker as u128),
            0xe0..=0xff => Integer::Negative(marker as i8 as i128),
            0xcc => Integer::Natural(self.number(1)?),
            0xcd => Integer::Natural(self.number(2)?),
            0xce => Integer::Natural(self.number(4)?),
            0xcf => Integer::Natural(self.number(8)?),
            0xd0 => Integer::of(self.number(1)? as i8 as i128),
            0xd1 => Integer::of(self.number(2)? as i16 as i128),
            0xd2 => Integer::of(self.number(4)? as i32 as i128),
            0xd3 => Integer::of(self.number(8)? as i64 as i128),
            0xc4 if self.peek() == 16 => {
                self.byte()?;
                let bits = self.number(16)?;
                if signed {
                    Integer::of(bits as i128)
                } else {
                    Integer::Natural(bits)
                }
            }
            _ => return Err("expected an integer".into()),
        })
    }

    fn float(&mut self) -> Result<f64, String> {
        match self.peek() {
            0xca => {
                self.byte()?;
                Ok(f32::from_bits(self.number(4)? as u32) as f64)
            }
            0xcb => {
                self.byte()?;
                Ok(f64::from_bits(self.number(8)? as u64))
            }
            _ => match self.integer(true).map_err(|_| "expected a number")? {
                Integer::Natural(n) if n <= 1 << 53 => Ok(n as f64),
                Integer::Negative(n) if n >= -(1 << 53) => Ok(n as f64),
                _ => Err("an integer is too great for a float".into()),
            },
        }
    }
}

enum Integer {
    Natural(u128),
    Negative(i128),
}

impl Integer {
    fn of(value: i128) -> Self {
        if value < 0 {
            Integer::Negative(value)
        } else {
            Integer::Natural(value as u128)
        }
    }
}

macro_rules! integers {
    ($($t:ty)*) => { $(
        impl Unpack for $t {
            fn unpack(from: &mut Reader) -> Result<Self, String> {
                match from.integer(<$t>::MIN != 0)? {
                    Integer::Natural(n) => <$t>::try_from(n).ok(),
                    Integer::Negative(n) => <$t>::try_from(n).ok(),
                }
                .ok_or_else(|| concat!("the integer does not fit ", stringify!($t)).into())
            }
        }
    )* };
}
integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl Unpack for f64 {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.float()
    }
}

impl Unpack for f32 {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        Ok(from.float()? as f32)
    }
}

impl Unpack for () {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        if from.byte()? == 0xc0 {
            Ok(())
        } else {
            Err("expected nothing".into())
        }
    }
}

impl Unpack for bool {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        match from.byte()? {
            0xc2 => Ok(false),
            0xc3 => Ok(true),
            _ => Err("expected a bool".into()),
        }
    }
}

impl Unpack for char {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        let mut characters = from.text()?.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            _ => Err("expected one character".into()),
        }
    }
}

impl Unpack for String {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.text().map(String::from)
    }
}

impl Unpack for &'static str {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.text()
    }
}

impl<T: Unpack + 'static> Unpack for &'static [T] {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        Ok(Vec::leak(from.items::<T, Vec<T>>()?))
    }
}

impl<T: Unpack + 'static> Unpack for &'static T {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        Ok(Box::leak(Box::new(T::unpack(from)?)))
    }
}

impl<T: Unpack> Unpack for Box<T> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        T::unpack(from).map(Box::new)
    }
}

impl<T: Unpack> Unpack for Option<T> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        if from.peek() == 0xc0 {
            from.byte()?;
            return Ok(None);
        }
        T::unpack(from).map(Some)
    }
}

impl<T: Unpack, E: Unpack> Unpack for Result<T, E> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        if from.map()? != 1 {
            return Err("expected `Ok` or `Err`".into());
        }
        match from.text()? {
            "Ok" => T::unpack(from).map(Ok),
            "Err" => E::unpack(from).map(Err),
            _ => Err("expected `Ok` or `Err`".into()),
        }
    }
}

impl<T: Unpack> Unpack for Vec<T> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.items()
    }
}

impl<T: Unpack> Unpack for VecDeque<T> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.items()
    }
}

impl<T: Unpack, const N: usize> Unpack for [T; N] {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        let items: Vec<T> = from.items()?;
        <[T; N]>::try_from(items).map_err(|_| format!("expected a list of {}", N))
    }
}

impl<T: Unpack + Eq + Hash, S: BuildHasher + Default> Unpack for HashSet<T, S> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.items()
    }
}

impl<T: Unpack + Ord> Unpack for BTreeSet<T> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        from.items()
    }
}

impl<K: Unpack + Eq + Hash, V: Unpack, S: BuildHasher + Default> Unpack for HashMap<K, V, S> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        let length = from.map()?;
        (0..length)
            .map(|_| Ok((K::unpack(from)?, V::unpack(from)?)))
            .collect()
    }
}

impl<K: Unpack + Ord, V: Unpack> Unpack for BTreeMap<K, V> {
    fn unpack(from: &mut Reader) -> Result<Self, String> {
        let length = from.map()?;
        (0..length)
            .map(|_| Ok((K::unpack(from)?, V::unpack(from)?)))
            .collect()
    }
}

macro_rules! tuples {
    ($($count:literal $($t:ident)+;)*) => { $(
        impl<$($t: Unpack),+> Unpack for ($($t,)+) {
            fn unpack(from: &mut Reader) -> Result<Self, String> {
                if from.array()? != $count {
                    return Err(concat!("expected a list of ", $count).into());
                }
                Ok(($($t::unpack(from)?,)+))
            }
        }
    )* };
}
tuples! {
    1 A; 2 A B; 3 A B C; 4 A B C D; 5 A B C D E; 6 A B C D E F; 7 A B C D E F G; 8 A B C D E F G H;
}
