//! The Rust types that a slot, a parameter or a result may have.
//!
//! [`Type::parse`] reads ordinary Rust text and refuses what cannot be carried as a value (trait objects,
//! closures, generic parameters, `Option` in `Option`); [`std::fmt::Display`] writes the canonical text,
//! and parsing that gives the same type again.

use std::fmt;

use super::scan::Scanner;
use super::type_text::scan_type;

/// How many values arrays may hold in all within one type, so that no default value can exhaust memory.
const MAX_ARRAY_VALUES: usize = 65_536;

/// A type of the std data types that values may have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    Unit,
    Bool,
    I8,
    I16,
    I32,
    I64,
    I128,
    /// 32 bits in WebAssembly.
    Isize,
    U8,
    U16,
    U32,
    U64,
    U128,
    /// 32 bits in WebAssembly.
    Usize,
    F32,
    F64,
    Char,
    String,
    /// `&str`.
    Str,
    /// `&[T]`.
    Slice(Box<Type>),
    /// `&T`.
    Ref(Box<Type>),
    Box(Box<Type>),
    Option(Box<Type>),
    Result(Box<Type>, Box<Type>),
    Vec(Box<Type>),
    VecDeque(Box<Type>),
    Array(Box<Type>, usize),
    Tuple(Vec<Type>),
    HashMap(Box<Type>, Box<Type>),
    BTreeMap(Box<Type>, Box<Type>),
    HashSet(Box<Type>),
    BTreeSet(Box<Type>),
    /// A whole slot: an `i64` to which amounts are added.
    Counter,
    /// A whole slot: a `BTreeSet<T>` whose elements come and go by themselves.
    SharedSet(Box<Type>),
    /// A whole slot: a `Vec<T>` to which elements are only appended.
    SharedList(Box<Type>),
    /// An object of the image.
    ObjectRef,
    /// What a person looks at: see `panel`.
    Panel,
}

/// Why a text is not a type, signature or struct that methods can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypeError {
    #[error("cannot read `{text}`: {problem} at character {}", at + 1)]
    Syntax {
        text: String,
        at: usize,
        problem: String,
    },
    #[error("type `{name}` cannot be carried as a value: {remedy}")]
    Unknown { name: String, remedy: String },
    #[error("`{name}` takes {expected} type parameter(s), found {found}")]
    Arity {
        name: String,
        expected: usize,
        found: usize,
    },
    #[error(
        "`Option<{inner}>` is refused: `None` could not be told from its content; use an enum-like text or a Vec instead"
    )]
    NestedOption { inner: String },
    #[error(
        "`{key}` cannot be a map key or a set element: floats and hash collections have no total order or hash"
    )]
    NotAKey { key: String },
    #[error("`{name}` can only be the type of a whole slot: write `{plain}` here")]
    OnlyOfSlots { name: String, plain: String },
    #[error("`{name}: {ty}` borrows: a slot owns its value, use `String`, `Vec` or the plain type")]
    BorrowedSlot { name: String, ty: String },
    #[error(
        "`{text}` is too large: types nest at most 24 deep and arrays hold at most 65536 values in all"
    )]
    TooLarge { text: String },
    #[error("`{name}` cannot name a {what}: {problem}")]
    BadName {
        name: String,
        what: &'static str,
        problem: String,
    },
}

impl Type {
    /// Reads a type as Rust writes it; paths such as `std::collections::HashMap` count as their last name.
    pub fn parse(text: &str) -> Result<Self, TypeError> {
        let mut scanner = Scanner::new(text)?;
        let ty = Self::scan(&mut scanner)?;
        scanner.expect_end()?;
        Ok(ty)
    }

    pub(super) fn scan(scanner: &mut Scanner<'_>) -> Result<Self, TypeError> {
        let ty = scan_type(scanner, 0)?;
        if ty.array_values() > MAX_ARRAY_VALUES {
            return Err(TypeError::TooLarge {
                text: ty.to_string(),
            });
        }
        Ok(ty)
    }

    /// Whether a `&` stands anywhere in the type.
    pub fn borrows(&self) -> bool {
        matches!(self, Self::Str | Self::Slice(_) | Self::Ref(_))
            || self.children().into_iter().any(Self::borrows)
    }

    /// The least and the greatest value of an integer type.
    pub fn integer_range(&self) -> Option<(i128, u128)> {
        Some(match self {
            Self::I8 => (i8::MIN.into(), i8::MAX as u128),
            Self::I16 => (i16::MIN.into(), i16::MAX as u128),
            Self::I32 | Self::Isize => (i32::MIN.into(), i32::MAX as u128),
            Self::I64 | Self::Counter => (i64::MIN.into(), i64::MAX as u128),
            Self::I128 => (i128::MIN, i128::MAX as u128),
            Self::U8 => (0, u8::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::U32 | Self::Usize => (0, u32::MAX.into()),
            Self::U64 => (0, u64::MAX.into()),
            Self::U128 => (0, u128::MAX),
            _ => return None,
        })
    }

    /// The types directly inside this one.
    pub fn children(&self) -> Vec<&Self> {
        match self {
            Self::Slice(t)
            | Self::Ref(t)
            | Self::Box(t)
            | Self::Option(t)
            | Self::Vec(t)
            | Self::VecDeque(t)
            | Self::Array(t, _)
            | Self::HashSet(t)
            | Self::BTreeSet(t)
            | Self::SharedSet(t)
            | Self::SharedList(t) => vec![t],
            Self::Result(a, b) | Self::HashMap(a, b) | Self::BTreeMap(a, b) => vec![a, b],
            Self::Tuple(items) => items.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// What a slot of this type is to a method: `i64` for a `Counter`.
    #[must_use]
    pub fn in_methods(&self) -> Self {
        match self {
            Self::Counter => Self::I64,
            Self::SharedSet(item) => Self::BTreeSet(item.clone()),
            Self::SharedList(item) => Self::Vec(item.clone()),
            other => other.clone(),
        }
    }

    /// Refuses what is merged between transactions, which only a whole slot can be.
    pub(super) fn not_of_slots_only(self) -> Result<Self, TypeError> {
        let plain = self.in_methods();
        if plain == self {
            return Ok(self);
        }
        Err(TypeError::OnlyOfSlots {
            name: self.to_string(),
            plain: plain.to_string(),
        })
    }

    /// Whether its default can be kept: a reference has to lead to an object that somebody names.
    pub fn has_default(&self) -> bool {
        match self {
            Self::ObjectRef => false,
            Self::Ref(inner) | Self::Box(inner) | Self::Result(inner, _) => inner.has_default(),
            Self::Array(item, length) => *length == 0 || item.has_default(),
            Self::Tuple(items) => items.iter().all(Self::has_default),
            _ => true,
        }
    }

    /// Whether an object is referred to anywhere in it.
    pub fn refers(&self) -> bool {
        *self == Self::ObjectRef || self.children().into_iter().any(Self::refers)
    }

    /// The type behind references and boxes, which leave no trace in a value.
    pub(super) fn carried(&self) -> &Self {
        match self {
            Self::Ref(inner) | Self::Box(inner) => inner.carried(),
            other => other,
        }
    }

    /// An upper bound of the values that arrays alone make this type hold.
    fn array_values(&self) -> usize {
        let inside = self
            .children()
            .into_iter()
            .map(Self::array_values)
            .fold(0, usize::saturating_add);
        match self {
            Self::Array(_, length) => inside.max(1).saturating_mul(*length),
            _ => inside,
        }
    }

    pub(super) fn can_be_key(&self) -> bool {
        match self {
            Self::F32 | Self::F64 | Self::HashMap(..) | Self::HashSet(_) | Self::Panel => false,
            _ => self.children().into_iter().all(Self::can_be_key),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scalar = match self {
            Self::Unit => "()",
            Self::Bool => "bool",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::I128 => "i128",
            Self::Isize => "isize",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
            Self::U128 => "u128",
            Self::Usize => "usize",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Char => "char",
            Self::String => "String",
            Self::Str => "&str",
            Self::Slice(item) => return write!(f, "&[{item}]"),
            Self::Ref(inner) => return write!(f, "&{inner}"),
            Self::Box(inner) => return write!(f, "Box<{inner}>"),
            Self::Option(inner) => return write!(f, "Option<{inner}>"),
            Self::Result(ok, err) => return write!(f, "Result<{ok}, {err}>"),
            Self::Vec(item) => return write!(f, "Vec<{item}>"),
            Self::VecDeque(item) => return write!(f, "VecDeque<{item}>"),
            Self::Array(item, length) => return write!(f, "[{item}; {length}]"),
            Self::Tuple(items) => return write_tuple(f, items),
            Self::HashMap(key, value) => return write!(f, "HashMap<{key}, {value}>"),
            Self::BTreeMap(key, value) => return write!(f, "BTreeMap<{key}, {value}>"),
            Self::HashSet(item) => return write!(f, "HashSet<{item}>"),
            Self::BTreeSet(item) => return write!(f, "BTreeSet<{item}>"),
            Self::Counter => "Counter",
            Self::SharedSet(item) => return write!(f, "SharedSet<{item}>"),
            Self::SharedList(item) => return write!(f, "SharedList<{item}>"),
            Self::ObjectRef => "ObjectRef",
            Self::Panel => "Panel",
        };
        f.write_str(scalar)
    }
}

fn write_tuple(f: &mut fmt::Formatter<'_>, items: &[Type]) -> fmt::Result {
    f.write_str("(")?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    // `(T,)` keeps its comma: without it, it would be T.
    f.write_str(if items.len() == 1 { ",)" } else { ")" })
}
