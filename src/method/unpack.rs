//! `MessagePack` to values, by the declared type. Any valid form is taken and no length is trusted: what
//! does not fit is an error with its place, never a panic and never memory that the bytes do not back.

use rmp::Marker;
use rmp::decode::{self, Bytes};

use super::json::integer;
use super::pack;
use super::types::Type;
use super::value::{Packed, Value, ValueError};

/// How deep untyped values may nest when they are only skipped.
const MAX_SKIP_DEPTH: usize = 64;

/// Elements of lists, sets and maps that one text may hold. Small ones take some thirty times their bytes
/// here, so that the bytes alone would not bound the memory.
const MAX_ELEMENTS: usize = 4 << 20;

/// No method takes more arguments.
const MAX_ARGUMENTS: u32 = 1024;

/// Reads exactly one value of type `ty`; bytes left over are an error.
pub(super) fn read(ty: &Type, packed: &[u8]) -> Result<Value, ValueError> {
    let mut reader = Reader::new(packed);
    let value = reader.value(ty)?;
    reader.expect_end()?;
    Ok(value)
}

pub(super) struct Reader<'a> {
    all: &'a [u8],
    bytes: Bytes<'a>,
    /// How many elements may still come.
    elements_left: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(packed: &'a [u8]) -> Self {
        Self {
            all: packed,
            bytes: Bytes::new(packed),
            elements_left: MAX_ELEMENTS,
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.remaining_slice()
    }

    pub(super) fn malformed(&self, problem: &str) -> ValueError {
        let at = self.all.len() - self.rest().len();
        ValueError::Malformed {
            path: String::new(),
            problem: problem.to_string(),
            at,
        }
    }

    pub(super) fn expect_end(&self) -> Result<(), ValueError> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(self.malformed("more bytes than one value"))
        }
    }

    pub(super) fn peek(&self) -> Result<Marker, ValueError> {
        self.rest()
            .first()
            .map(|byte| Marker::from_u8(*byte))
            .ok_or_else(|| self.malformed("the value ends early"))
    }

    pub(super) fn value(&mut self, ty: &Type) -> Result<Value, ValueError> {
        let marker = self.peek()?;
        Ok(match ty {
            Type::Unit | Type::Option(_) if marker == Marker::Null => {
                self.skip_bytes(1)?;
                Value::Nothing
            }
            Type::Ref(inner) | Type::Box(inner) | Type::Option(inner) => self.value(inner)?,
            Type::Bool => {
                let value =
                    decode::read_bool(&mut self.bytes).map_err(|_| self.mismatch(ty, marker))?;
                Value::Bool(value)
            }
            Type::F32 | Type::F64 => self.float(ty, marker)?,
            Type::Char => {
                let text = self.text(ty, marker)?;
                if text.chars().count() != 1 {
                    return Err(ValueError::mismatch(ty, format!("{text:?}")));
                }
                Value::Text(text)
            }
            Type::String | Type::Str => Value::Text(self.text(ty, marker)?),
            Type::Result(ok, err) => self.result(ty, marker, ok, err)?,
            Type::Tuple(types) => {
                self.exact_length(ty, marker, types.len())?;
                let items = types
                    .iter()
                    .enumerate()
                    .map(|(index, ty)| self.item(ty, index));
                Value::List(items.collect::<Result<_, _>>()?)
            }
            Type::Array(item, length) => {
                self.exact_length(ty, marker, *length)?;
                self.list(item, *length)?
            }
            Type::Slice(item) | Type::Vec(item) | Type::VecDeque(item) | Type::SharedList(item) => {
                let length = self.array_length(ty, marker)?;
                self.list(item, length)?
            }
            Type::HashSet(item) | Type::BTreeSet(item) | Type::SharedSet(item) => {
                let length = self.array_length(ty, marker)?;
                let Value::List(items) = self.list(item, length)? else {
                    return Err(self.mismatch(ty, marker));
                };
                Value::List(pack::sorted(items, |item| item))
            }
            Type::HashMap(key, value) | Type::BTreeMap(key, value) => {
                self.map(ty, marker, key, value)?
            }
            Type::ObjectRef => self.reference(ty, marker)?,
            Type::Panel => self.panel(marker)?,
            _ => self.integer(ty, marker)?,
        })
    }

    fn mismatch(&self, ty: &Type, marker: Marker) -> ValueError {
        let _ = self;
        ValueError::mismatch(ty, describe(marker))
    }

    fn item(&mut self, ty: &Type, index: usize) -> Result<Value, ValueError> {
        self.value(ty)
            .map_err(|error| error.inside(&format!("[{index}]")))
    }

    fn list(&mut self, ty: &Type, length: usize) -> Result<Value, ValueError> {
        // Every value takes at least a byte, so a length beyond the rest is found before it costs memory.
        if length > self.rest().len() {
            return Err(self.malformed("a list is longer than its bytes"));
        }
        self.take_elements(length)?;
        let items = (0..length).map(|index| self.item(ty, index));
        Ok(Value::List(items.collect::<Result<_, _>>()?))
    }

    pub(super) fn take_elements(&mut self, count: usize) -> Result<(), ValueError> {
        let left = self.elements_left.checked_sub(count);
        self.elements_left = left
            .ok_or_else(|| self.malformed(&format!("more than {MAX_ELEMENTS} elements in all")))?;
        Ok(())
    }

    pub(super) fn array_length(&mut self, ty: &Type, marker: Marker) -> Result<usize, ValueError> {
        let length =
            decode::read_array_len(&mut self.bytes).map_err(|_| self.mismatch(ty, marker))?;
        usize::try_from(length).map_err(|_| self.malformed("a list is too long"))
    }

    fn exact_length(&mut self, ty: &Type, marker: Marker, length: usize) -> Result<(), ValueError> {
        let found = self.array_length(ty, marker)?;
        if found == length {
            Ok(())
        } else {
            Err(ValueError::mismatch(ty, format!("a list of {found}")))
        }
    }

    fn map(
        &mut self,
        ty: &Type,
        marker: Marker,
        key: &Type,
        value: &Type,
    ) -> Result<Value, ValueError> {
        let length =
            decode::read_map_len(&mut self.bytes).map_err(|_| self.mismatch(ty, marker))?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > self.rest().len() {
            return Err(self.malformed("a map is longer than its bytes"));
        }
        self.take_elements(length.saturating_mul(2))?;
        let mut pairs = Vec::with_capacity(length);
        for index in 0..length {
            let key = self
                .value(key)
                .map_err(|error| error.inside(&format!("[key {index}]")))?;
            pairs.push((
                key,
                self.value(value)
                    .map_err(|error| error.inside(&format!("[value {index}]")))?,
            ));
        }
        Ok(Value::Map(pack::sorted(pairs, |(key, _)| key)))
    }

    fn result(
        &mut self,
        ty: &Type,
        marker: Marker,
        ok: &Type,
        err: &Type,
    ) -> Result<Value, ValueError> {
        let length =
            decode::read_map_len(&mut self.bytes).map_err(|_| self.mismatch(ty, marker))?;
        if length != 1 {
            return Err(ValueError::mismatch(ty, format!("a map of {length}")));
        }
        let marker = self.peek()?;
        match self.text(&Type::String, marker)?.as_str() {
            "Ok" => Ok(Value::Ok(Box::new(
                self.value(ok).map_err(|error| error.inside("Ok"))?,
            ))),
            "Err" => Ok(Value::Err(Box::new(
                self.value(err).map_err(|error| error.inside("Err"))?,
            ))),
            other => Err(ValueError::mismatch(
                ty,
                format!("a map with the key {other:?}"),
            )),
        }
    }

    fn float(&mut self, ty: &Type, marker: Marker) -> Result<Value, ValueError> {
        let value = match marker {
            Marker::F64 => decode::read_f64(&mut self.bytes).ok(),
            Marker::F32 => decode::read_f32(&mut self.bytes).ok().map(f64::from),
            _ => decode::read_int::<i64, _>(&mut self.bytes)
                .ok()
                .and_then(exact_float),
        };
        let value = value.ok_or_else(|| self.mismatch(ty, marker))?;
        if *ty == Type::F64 {
            return Ok(Value::F64(value));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an f32 is the nearest one to the value that came"
        )]
        let narrow = value as f32;
        Ok(Value::F32(narrow))
    }

    fn integer(&mut self, ty: &Type, marker: Marker) -> Result<Value, ValueError> {
        let Some((least, greatest)) = ty.integer_range() else {
            return Err(self.mismatch(ty, marker));
        };
        let value = match marker {
            // Beyond 64 bits: 16 bytes, the highest first.
            Marker::Bin8 => {
                let bits = self.sixteen_bytes(ty, marker)?;
                if *ty == Type::I128 {
                    integer(bits.cast_signed())
                } else {
                    Value::Natural(bits)
                }
            }
            Marker::U64 => {
                let value = decode::read_u64(&mut self.bytes)
                    .map_err(|_| self.malformed("the value ends early"))?;
                Value::Natural(value.into())
            }
            _ => {
                let value = decode::read_int::<i64, _>(&mut self.bytes)
                    .map_err(|_| self.mismatch(ty, marker))?;
                integer(value.into())
            }
        };
        let fits = match value {
            Value::Natural(n) => n <= greatest,
            Value::Negative(n) => n >= least,
            _ => false,
        };
        if fits {
            Ok(value)
        } else {
            Err(ValueError::mismatch(ty, number_text(&value)))
        }
    }

    fn reference(&mut self, ty: &Type, marker: Marker) -> Result<Value, ValueError> {
        if marker != Marker::FixExt8 {
            return Err(self.mismatch(ty, marker));
        }
        let (_, rest) = self.rest().split_at(1);
        let [kind, number @ ..] = rest
            .first_chunk::<9>()
            .ok_or_else(|| self.malformed("the value ends early"))?;
        if *kind != pack::REFERENCE.cast_unsigned() {
            return Err(self.mismatch(ty, marker));
        }
        let oid = u64::from_be_bytes(*number);
        self.skip_bytes(10)?;
        Ok(Value::Reference(oid))
    }

    fn sixteen_bytes(&mut self, ty: &Type, marker: Marker) -> Result<u128, ValueError> {
        let length =
            decode::read_bin_len(&mut self.bytes).map_err(|_| self.mismatch(ty, marker))?;
        let bytes = self.rest().first_chunk::<16>().copied();
        match (length, bytes) {
            (16, Some(bytes)) => {
                self.skip_bytes(16)?;
                Ok(u128::from_be_bytes(bytes))
            }
            _ => Err(self.malformed("a wide integer is not 16 bytes")),
        }
    }

    pub(super) fn text(&mut self, ty: &Type, marker: Marker) -> Result<String, ValueError> {
        let length =
            decode::read_str_len(&mut self.bytes).map_err(|_| self.mismatch(ty, marker))?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let bytes = self
            .rest()
            .get(..length)
            .ok_or_else(|| self.malformed("text is longer than its bytes"))?;
        let text = std::str::from_utf8(bytes)
            .map_err(|_| self.malformed("text is not UTF-8"))?
            .to_owned();
        self.skip_bytes(length)?;
        Ok(text)
    }

    fn skip_bytes(&mut self, count: usize) -> Result<(), ValueError> {
        let rest = self
            .rest()
            .get(count..)
            .ok_or_else(|| self.malformed("the value ends early"))?;
        self.bytes = Bytes::new(rest);
        Ok(())
    }

    /// Passes over one value of any type and gives its bytes.
    fn skip_value(&mut self, depth: usize) -> Result<(), ValueError> {
        if depth > MAX_SKIP_DEPTH {
            return Err(self.malformed("the value nests too deep"));
        }
        let short = |reader: &Self| reader.malformed("the value ends early");
        let marker = decode::read_marker(&mut self.bytes).map_err(|_| short(self))?;
        let (bytes, values) = match marker {
            Marker::Null | Marker::True | Marker::False | Marker::FixPos(_) | Marker::FixNeg(_) => {
                (0, 0)
            }
            Marker::U8 | Marker::I8 => (1, 0),
            Marker::U16 | Marker::I16 => (2, 0),
            Marker::U32 | Marker::I32 | Marker::F32 => (4, 0),
            Marker::U64 | Marker::I64 | Marker::F64 => (8, 0),
            Marker::FixStr(length) => (u64::from(length), 0),
            Marker::Str8 | Marker::Bin8 => (self.length(1)?, 0),
            Marker::Str16 | Marker::Bin16 => (self.length(2)?, 0),
            Marker::Str32 | Marker::Bin32 => (self.length(4)?, 0),
            Marker::FixArray(length) => (0, u64::from(length)),
            Marker::Array16 => (0, self.length(2)?),
            Marker::Array32 => (0, self.length(4)?),
            Marker::FixMap(length) => (0, 2 * u64::from(length)),
            Marker::Map16 => (0, 2 * self.length(2)?),
            Marker::Map32 => (0, 2 * self.length(4)?),
            // A reference to an object.
            Marker::FixExt8 => (9, 0),
            _ => return Err(self.malformed("an extension type")),
        };
        self.skip_bytes(usize::try_from(bytes).unwrap_or(usize::MAX))?;
        for _ in 0..values {
            self.skip_value(depth + 1)?;
        }
        Ok(())
    }

    fn length(&mut self, size: usize) -> Result<u64, ValueError> {
        let bytes = self
            .rest()
            .get(..size)
            .ok_or_else(|| self.malformed("the value ends early"))?;
        let length = bytes
            .iter()
            .fold(0, |length, byte| length << 8 | u64::from(*byte));
        self.skip_bytes(size)?;
        Ok(length)
    }
}

/// Each element of a packed array, still packed.
pub(super) fn split_array(packed: &[u8]) -> Result<Vec<Packed>, ValueError> {
    let mut reader = Reader::new(packed);
    let marker = reader.peek()?;
    let length = decode::read_array_len(&mut reader.bytes)
        .map_err(|_| ValueError::mismatch("a list of arguments", describe(marker)))?;
    if length > MAX_ARGUMENTS {
        return Err(reader.malformed(&format!("more than {MAX_ARGUMENTS} arguments")));
    }
    let mut items = Vec::new();
    for _ in 0..length {
        let before = reader.rest();
        reader.skip_value(0)?;
        let taken = before.len() - reader.rest().len();
        items.push(before.get(..taken).unwrap_or_default().to_vec());
    }
    reader.expect_end()?;
    Ok(items)
}

/// The float that is exactly this integer, if there is one.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "checked to be exact by the way back"
)]
fn exact_float(value: i64) -> Option<f64> {
    let float = value as f64;
    (float.abs() < 9.2e18 && float as i64 == value).then_some(float)
}

fn number_text(value: &Value) -> String {
    match value {
        Value::Natural(n) => n.to_string(),
        Value::Negative(n) => n.to_string(),
        other => format!("{other:?}"),
    }
}

fn describe(marker: Marker) -> &'static str {
    match marker {
        Marker::Null => "nothing",
        Marker::True | Marker::False => "a bool",
        Marker::F32 | Marker::F64 => "a float",
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => "text",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "a list",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "a map",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "bytes",
        Marker::FixPos(_) | Marker::U8 | Marker::U16 | Marker::U32 | Marker::U64 => {
            "a natural number"
        }
        Marker::FixNeg(_) | Marker::I8 | Marker::I16 | Marker::I32 | Marker::I64 => "an integer",
        _ => "an extension type",
    }
}
