//! The struct that a method is written against: the object's name and its slots with their types.

use std::fmt;

use super::scan::{Scanner, Token};
use super::signature::checked_name;
use super::types::{Type, TypeError};

/// Names that methods use as types; an object of that name would hide them. `Counter` is none of them: to its
/// own methods it is their object, and a slot of that type is an `i64` to them all the same.
const TAKEN: &[&str] = &[
    "Box",
    "BTreeMap",
    "BTreeSet",
    "Clone",
    "Copy",
    "Default",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "HashMap",
    "HashSet",
    "Into",
    "Iterator",
    "None",
    "ObjectRef",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "SharedList",
    "SharedSet",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "Vec",
    "VecDeque",
    "bool",
    "char",
    "f32",
    "f64",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
];

/// `Account { balance: f64 }`: slots in declaration order, own before inherited ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StructSpec {
    pub name: String,
    pub slots: Vec<(String, Type)>,
}

impl StructSpec {
    /// Checks the names and that every slot owns its value.
    pub fn new(name: &str, slots: Vec<(String, Type)>) -> Result<Self, TypeError> {
        let spec = Self {
            name: name.to_owned(),
            slots,
        };
        spec.check()?;
        Ok(spec)
    }

    /// Reads `Account { balance: f64, log: Vec<String> }`, with or without `pub` and `struct`.
    pub fn parse(text: &str) -> Result<Self, TypeError> {
        let mut scanner = Scanner::new(text)?;
        scanner.eat(Token::Name("pub"));
        scanner.eat(Token::Name("struct"));
        let name = scanner.expect_name("the object's name")?;
        let mut slots = Vec::new();
        if scanner.eat_char('{') {
            while scanner.peek() != Some(Token::Punctuation('}')) {
                scanner.eat(Token::Name("pub"));
                let slot = scanner.expect_name("a slot's name")?;
                scanner.expect_char(':')?;
                slots.push((slot.to_owned(), Type::scan(&mut scanner)?));
                if !scanner.eat_char(',') {
                    break;
                }
            }
            scanner.expect_char('}')?;
        } else {
            scanner.eat_char(';');
        }
        scanner.expect_end()?;
        Self::new(name, slots)
    }

    /// The slot's type, if there is such a slot.
    pub fn slot(&self, name: &str) -> Option<&Type> {
        self.slots
            .iter()
            .find(|(slot, _)| slot == name)
            .map(|(_, ty)| ty)
    }

    pub(super) fn check(&self) -> Result<(), TypeError> {
        checked_name(&self.name, "object")?;
        if TAKEN.contains(&self.name.as_str()) {
            let problem = "methods use it as the name of a std type".into();
            return Err(TypeError::BadName {
                name: self.name.clone(),
                what: "object",
                problem,
            });
        }
        for (index, (name, ty)) in self.slots.iter().enumerate() {
            checked_name(name, "slot")?;
            if self
                .slots
                .iter()
                .take(index)
                .any(|(earlier, _)| earlier == name)
            {
                return Err(TypeError::BadName {
                    name: name.clone(),
                    what: "slot",
                    problem: "it is there twice".into(),
                });
            }
            if ty.borrows() {
                return Err(TypeError::BorrowedSlot {
                    name: name.clone(),
                    ty: ty.to_string(),
                });
            }
        }
        Ok(())
    }
}

impl fmt::Display for StructSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.slots.is_empty() {
            return write!(f, "{} {{}}", self.name);
        }
        write!(f, "{} {{ ", self.name)?;
        for (index, (name, ty)) in self.slots.iter().enumerate() {
            write!(f, "{}{name}: {ty}", if index > 0 { ", " } else { "" })?;
        }
        f.write_str(" }")
    }
}
