//! Values by declared type: JSON on one side, `MessagePack` on the other, one tree between them.
//!
//! Packed values are canonical: equal values have equal bytes (maps and sets are ordered by their packed
//! keys, integers take the shortest form, there is one NaN), so that a change of a slot is a change of
//! bytes. The rules of JSON are those of the command line: `3` is a fine `f64`, `None` and `()` are null,
//! `Result` is `{"Ok":x}` or `{"Err":e}`, map keys are text, integers are exact.

use serde_json::Value as Json;

use super::json;
use super::names::{Names, Numbers};
use super::pack;
use super::types::Type;
use super::unpack;

/// One value as `MessagePack`.
pub type Packed = Vec<u8>;

/// How far apart two floats that count as equal may be, relative to the greater one.
const FLOAT_TOLERANCE: f64 = 1e-9;

/// Why a value is not one of the declared type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    #[error("cannot take the value{}: expected {expected}, got {got}", place(path))]
    Mismatch {
        path: String,
        expected: String,
        got: String,
    },
    #[error("cannot read the packed value{}: {problem} at byte {at}", place(path))]
    Malformed {
        path: String,
        problem: String,
        at: usize,
    },
    #[error("cannot take the value{}: there is no object `{name}`", place(path))]
    UnknownObject { path: String, name: String },
}

fn place(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!(" at `{path}`")
    }
}

impl ValueError {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over texts made for it"
    )]
    pub(super) fn mismatch(expected: impl ToString, got: impl ToString) -> Self {
        Self::Mismatch {
            path: String::new(),
            expected: expected.to_string(),
            got: got.to_string(),
        }
    }

    /// The same error, one step further out.
    pub(super) fn inside(mut self, step: &str) -> Self {
        let (Self::Mismatch { path, .. }
        | Self::Malformed { path, .. }
        | Self::UnknownObject { path, .. }) = &mut self;
        let dot = if path.is_empty() || path.starts_with('[') {
            ""
        } else {
            "."
        };
        *path = format!("{step}{dot}{path}");
        self
    }
}

/// A value of a known [`Type`].
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// `()` and `None`.
    Nothing,
    Bool(bool),
    /// Below zero.
    Negative(i128),
    Natural(u128),
    F32(f32),
    F64(f64),
    /// Text, or a `char` as text of one character.
    Text(String),
    Ok(Box<Value>),
    Err(Box<Value>),
    /// Anything in order; sets in their canonical order.
    List(Vec<Value>),
    /// In the canonical order of the keys.
    Map(Vec<(Value, Value)>),
    /// The number of an object.
    Reference(u64),
}

impl Value {
    pub(super) fn default_of(ty: &Type) -> Self {
        match ty {
            Type::Unit | Type::Option(_) => Self::Nothing,
            Type::Bool => Self::Bool(false),
            Type::F32 => Self::F32(0.0),
            Type::F64 => Self::F64(0.0),
            Type::Char => Self::Text("\0".into()),
            Type::String | Type::Str => Self::Text(String::new()),
            Type::Ref(inner) | Type::Box(inner) => Self::default_of(inner),
            Type::Result(ok, _) => Self::Ok(Box::new(Self::default_of(ok))),
            Type::Array(item, length) => Self::List(vec![Self::default_of(item); *length]),
            Type::Tuple(items) => Self::List(items.iter().map(Self::default_of).collect()),
            Type::HashMap(..) | Type::BTreeMap(..) => Self::Map(Vec::new()),
            Type::Slice(_)
            | Type::Vec(_)
            | Type::VecDeque(_)
            | Type::HashSet(_)
            | Type::BTreeSet(_)
            | Type::SharedSet(_)
            | Type::SharedList(_)
            | Type::Panel => Self::List(Vec::new()),
            // No object has this number: an image refuses to keep it.
            Type::ObjectRef => Self::Reference(0),
            // What is left are the integers.
            _ => Self::Natural(0),
        }
    }

    /// Equal, with floats compared loosely. Both must be of the same type.
    fn is_close_to(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::F64(a), Self::F64(b)) => floats_equal(*a, *b),
            (Self::F32(a), Self::F32(b)) => floats_equal(f64::from(*a), f64::from(*b)),
            (Self::Ok(a), Self::Ok(b)) | (Self::Err(a), Self::Err(b)) => a.is_close_to(b),
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_close_to(b))
            }
            (Self::Map(a), Self::Map(b)) => {
                let pair = |((ka, va), (kb, vb)): (&(Self, Self), &(Self, Self))| {
                    ka == kb && va.is_close_to(vb)
                };
                a.len() == b.len() && a.iter().zip(b).all(pair)
            }
            (a, b) => a == b,
        }
    }
}

#[expect(
    clippy::float_cmp,
    reason = "infinities and exact zeros are equal only to themselves"
)]
fn floats_equal(a: f64, b: f64) -> bool {
    a == b
        || (a.is_nan() && b.is_nan())
        || ((a - b).abs() <= FLOAT_TOLERANCE * a.abs().max(b.abs()) && (a - b).is_finite())
}

/// Packs a JSON value as `ty`; the error names the place in the value, what was expected and what was got.
/// Objects have their numbers only: `"#17"`.
pub fn value_from_json(ty: &Type, json: &Json) -> Result<Packed, ValueError> {
    value_from_json_with(ty, json, &Numbers)
}

/// The same, with references to objects by their names.
pub fn value_from_json_with(
    ty: &Type,
    json: &Json,
    names: &dyn Names,
) -> Result<Packed, ValueError> {
    Ok(pack::write(&json::read(ty, json, names)?))
}

/// The JSON of a packed value of type `ty`. Objects have their numbers only.
pub fn value_to_json(ty: &Type, packed: &[u8]) -> Result<Json, ValueError> {
    value_to_json_with(ty, packed, &Numbers)
}

/// The same, with references to objects by their names.
pub fn value_to_json_with(ty: &Type, packed: &[u8], names: &dyn Names) -> Result<Json, ValueError> {
    Ok(json::write(ty, &unpack::read(ty, packed)?, names))
}

/// The value in the notation of Rust's `{:?}`, for messages: `Ok(3.0)`, `["a"]`, `Some(2)`.
pub fn value_to_rust(ty: &Type, packed: &[u8]) -> Result<String, ValueError> {
    let mut text = String::new();
    super::notation::write(&mut text, ty, &unpack::read(ty, packed)?);
    Ok(text)
}

/// Whether two packed values of type `ty` are equal; floats within 1e-9 relative, NaN equals NaN.
pub fn values_equal(ty: &Type, a: &[u8], b: &[u8]) -> Result<bool, ValueError> {
    Ok(unpack::read(ty, a)?.is_close_to(&unpack::read(ty, b)?))
}

/// The same value in its one canonical packed form, or why it is not a value of type `ty`.
pub fn value_normalized(ty: &Type, packed: &[u8]) -> Result<Packed, ValueError> {
    Ok(pack::write(&unpack::read(ty, packed)?))
}

/// Zero, empty, `None`, `Ok` of a default. References have none that an image keeps: that to no object.
pub fn default_value(ty: &Type) -> Packed {
    pack::write(&Value::default_of(ty))
}

/// Splits one packed array into its elements, each still packed: the arguments of a `send`.
pub fn split_array(packed: &[u8]) -> Result<Vec<Packed>, ValueError> {
    unpack::split_array(packed)
}

/// Puts packed values into one packed array.
pub fn join_array(items: &[Packed]) -> Packed {
    pack::join_array(items)
}
