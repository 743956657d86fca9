//! The parser of types: what Rust writes, to a [`Type`], with the remedy for what cannot be carried.

use super::scan::{Scanner, Token};
use super::types::{Type, TypeError};

/// How deep types may nest, so that no text can exhaust the stack.
const MAX_DEPTH: usize = 24;

pub(super) fn scan_type(scanner: &mut Scanner<'_>, depth: usize) -> Result<Type, TypeError> {
    if depth > MAX_DEPTH {
        return Err(TypeError::TooLarge {
            text: "the type".into(),
        });
    }
    match scanner.peek() {
        Some(Token::Punctuation('&')) => scan_reference(scanner, depth),
        Some(Token::Punctuation('(')) => scan_tuple(scanner, depth),
        Some(Token::Punctuation('[')) => match scan_brackets(scanner, depth)? {
            Type::Slice(item) => Err(TypeError::Unknown {
                name: format!("[{item}]"),
                remedy: format!("write `&[{item}]` or `Vec<{item}>`"),
            }),
            array => Ok(array),
        },
        _ => scan_named(scanner, depth),
    }
}

fn scan_reference(scanner: &mut Scanner<'_>, depth: usize) -> Result<Type, TypeError> {
    scanner.expect_char('&')?;
    match scanner.peek() {
        Some(Token::Lifetime("'static" | "'_")) => {
            scanner.next();
        }
        Some(Token::Lifetime(name)) => {
            return Err(TypeError::Unknown {
                name: format!("&{name}"),
                remedy: "leave the lifetime out".into(),
            });
        }
        _ => {}
    }
    match scanner.peek() {
        Some(Token::Name("mut")) => Err(TypeError::Unknown {
            name: "&mut".into(),
            remedy: "take the value and return it; only `&mut self` may be changed in place".into(),
        }),
        Some(Token::Name("str")) => {
            scanner.next();
            Ok(Type::Str)
        }
        Some(Token::Punctuation('[')) => Ok(match scan_brackets(scanner, depth)? {
            slice @ Type::Slice(_) => slice,
            array => Type::Ref(Box::new(array)),
        }),
        _ => Ok(Type::Ref(Box::new(scan_type(scanner, depth + 1)?))),
    }
}

/// `[T]` (as a slice) or `[T; LENGTH]`.
fn scan_brackets(scanner: &mut Scanner<'_>, depth: usize) -> Result<Type, TypeError> {
    scanner.expect_char('[')?;
    let item = Box::new(scan_type(scanner, depth + 1)?);
    if scanner.eat_char(']') {
        return Ok(Type::Slice(item));
    }
    scanner.expect_char(';')?;
    let Some(Token::Number(digits)) = scanner.peek() else {
        return Err(scanner.problem("expected the array's length as a number"));
    };
    let length = digits
        .replace('_', "")
        .parse()
        .map_err(|_| scanner.problem("expected the array's length"))?;
    scanner.next();
    scanner.expect_char(']')?;
    Ok(Type::Array(item, length))
}

fn scan_tuple(scanner: &mut Scanner<'_>, depth: usize) -> Result<Type, TypeError> {
    scanner.expect_char('(')?;
    let mut items = Vec::new();
    let mut comma = true;
    while comma && scanner.peek() != Some(Token::Punctuation(')')) {
        items.push(scan_type(scanner, depth + 1)?);
        comma = scanner.eat_char(',');
    }
    scanner.expect_char(')')?;
    match items.len() {
        0 => Ok(Type::Unit),
        // `(T)` is T; `(T,)` is a tuple of one.
        1 if !comma => Ok(items.remove(0)),
        1..=8 => Ok(Type::Tuple(items)),
        found => Err(TypeError::Arity {
            name: "a tuple".into(),
            expected: 8,
            found,
        }),
    }
}

fn scan_named(scanner: &mut Scanner<'_>, depth: usize) -> Result<Type, TypeError> {
    scanner.eat(Token::PathSeparator);
    let mut name = scanner.expect_name("a type")?;
    let outermost = name;
    while scanner.peek() == Some(Token::PathSeparator) {
        scanner.next();
        if scanner.peek() == Some(Token::Punctuation('<')) {
            break;
        }
        if !matches!(outermost, "std" | "core" | "alloc") {
            return Err(unknown(outermost));
        }
        name = scanner.expect_name("a name after `::`")?;
    }
    let mut parameters = Vec::new();
    if scanner.eat_char('<') {
        while scanner.peek() != Some(Token::Punctuation('>')) {
            parameters.push(scan_type(scanner, depth + 1)?);
            if !scanner.eat_char(',') {
                break;
            }
        }
        scanner.expect_char('>')?;
    }
    let ty = named(name, parameters)?;
    if depth > 0 {
        return ty.not_of_slots_only();
    }
    Ok(ty)
}

fn named(name: &str, parameters: Vec<Type>) -> Result<Type, TypeError> {
    let scalar = match name {
        "bool" => Type::Bool,
        "i8" => Type::I8,
        "i16" => Type::I16,
        "i32" => Type::I32,
        "i64" => Type::I64,
        "i128" => Type::I128,
        "isize" => Type::Isize,
        "u8" => Type::U8,
        "u16" => Type::U16,
        "u32" => Type::U32,
        "u64" => Type::U64,
        "u128" => Type::U128,
        "usize" => Type::Usize,
        "f32" => Type::F32,
        "f64" => Type::F64,
        "char" => Type::Char,
        "String" => Type::String,
        "Counter" => Type::Counter,
        "ObjectRef" => Type::ObjectRef,
        "Panel" => Type::Panel,
        _ => return generic(name, parameters),
    };
    if parameters.is_empty() {
        return Ok(scalar);
    }
    Err(TypeError::Arity {
        name: name.into(),
        expected: 0,
        found: parameters.len(),
    })
}

fn generic(name: &str, parameters: Vec<Type>) -> Result<Type, TypeError> {
    let expected = match name {
        "Box" | "Option" | "Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "SharedSet"
        | "SharedList" => 1,
        "Result" | "HashMap" | "BTreeMap" => 2,
        _ => return Err(unknown(name)),
    };
    let found = parameters.len();
    let mut parameters = parameters.into_iter().map(Box::new);
    let (Some(first), second, true) = (parameters.next(), parameters.next(), found == expected)
    else {
        return Err(TypeError::Arity {
            name: name.into(),
            expected,
            found,
        });
    };
    let keyed = matches!(
        name,
        "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" | "SharedSet"
    );
    if keyed && !first.can_be_key() {
        return Err(TypeError::NotAKey {
            key: first.to_string(),
        });
    }
    Ok(match (name, second) {
        ("Box", None) => Type::Box(first),
        ("Option", None) if matches!(first.carried(), Type::Option(_) | Type::Unit) => {
            return Err(TypeError::NestedOption {
                inner: first.to_string(),
            });
        }
        ("Option", None) => Type::Option(first),
        ("Vec", None) => Type::Vec(first),
        ("VecDeque", None) => Type::VecDeque(first),
        ("HashSet", None) => Type::HashSet(first),
        ("BTreeSet", None) => Type::BTreeSet(first),
        ("SharedSet", None) => Type::SharedSet(first),
        ("SharedList", None) => Type::SharedList(first),
        ("Result", Some(second)) => Type::Result(first, second),
        ("HashMap", Some(second)) => Type::HashMap(first, second),
        ("BTreeMap", Some(second)) => Type::BTreeMap(first, second),
        _ => return Err(unknown(name)),
    })
}

fn unknown(name: &str) -> TypeError {
    let remedy = match name {
        "str" => "write `&str` or `String`",
        "Self" => "methods return values, not objects",
        "impl" | "dyn" => "name a plain std type",
        "fn" | "Fn" | "FnMut" | "FnOnce" => "functions cannot be stored or sent",
        "int" | "integer" => "write `i64`",
        "float" | "double" | "number" => "write `f64`",
        "bool_" | "boolean" => "write `bool`",
        "string" | "text" => "write `String`",
        "list" | "List" => "write `Vec<…>`",
        "map" | "dict" | "Map" => "write `BTreeMap<String, …>`",
        _ => {
            "use std's scalars, `char`, `String`, `&str`, tuples, arrays, slices, `Option`, `Result`, `Box`, `Vec`, \
              `VecDeque`, `HashMap`, `BTreeMap`, `HashSet`, `BTreeSet`, `ObjectRef` or `Panel`, and for a whole slot also \
              `Counter`, `SharedSet` or `SharedList`"
        }
    };
    TypeError::Unknown {
        name: name.into(),
        remedy: remedy.into(),
    }
}
