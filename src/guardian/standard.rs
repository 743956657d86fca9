//! What of the standard library a method may name. What is not here is refused.

/// Modules of `std` whose whole content is harmless: no input or output, no threads, no raw memory.
const MODULES: &[&str] = &[
    "array",
    "ascii",
    "bool",
    "borrow",
    "boxed",
    "cell",
    "char",
    "clone",
    "cmp",
    "collections",
    "convert",
    "default",
    "error",
    "f32",
    "f64",
    "fmt",
    "hash",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "iter",
    "marker",
    "num",
    "ops",
    "option",
    "primitive",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "vec",
];

/// Modules of which only these items are.
const ITEMS: &[(&str, &[&str])] = &[
    (
        "mem",
        &[
            "discriminant",
            "drop",
            "replace",
            "size_of",
            "size_of_val",
            "swap",
            "take",
        ],
    ),
    ("time", &["Duration"]),
];

/// Modules within the modules.
const INNER_MODULES: &[(&str, &str)] = &[
    ("collections", "binary_heap"),
    ("collections", "btree_map"),
    ("collections", "btree_set"),
    ("collections", "hash_map"),
    ("collections", "hash_set"),
    ("collections", "linked_list"),
    ("collections", "vec_deque"),
    ("f32", "consts"),
    ("f64", "consts"),
];

/// Types and traits that are in scope without an import, or that the methods' prelude brings.
const IN_SCOPE: &[&str] = &[
    "AsMut",
    "AsRef",
    "BTreeMap",
    "BTreeSet",
    "Box",
    "Clone",
    "Copy",
    "Counter",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "HashMap",
    "HashSet",
    "Into",
    "IntoIterator",
    "Iterator",
    "ObjectRef",
    "Option",
    "Ord",
    "Panel",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "SharedList",
    "SharedSet",
    "String",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
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

/// Types that are often used without the import they need.
const IMPORTS: &[(&str, &str)] = &[
    ("BinaryHeap", "std::collections::BinaryHeap"),
    ("LinkedList", "std::collections::LinkedList"),
    ("Entry", "std::collections::hash_map::Entry"),
    ("Ordering", "std::cmp::Ordering"),
    ("Reverse", "std::cmp::Reverse"),
    ("Rc", "std::rc::Rc"),
    ("RefCell", "std::cell::RefCell"),
    ("Cell", "std::cell::Cell"),
    ("Cow", "std::borrow::Cow"),
    ("Duration", "std::time::Duration"),
    ("FromStr", "std::str::FromStr"),
    ("Write", "std::fmt::Write"),
];

/// Modules that are often named without `std::`.
const HOMELESS: &[&str] = &["cmp", "collections", "fmt", "iter", "mem"];

/// Whether a method may name `std::` followed by `path`; for a glob, everything under it.
pub(super) fn allows(path: &[&str], glob: bool) -> bool {
    let Some((module, rest)) = path.split_first() else {
        return false;
    };
    if MODULES.contains(module) {
        return true;
    }
    let items = ITEMS.iter().find(|(name, _)| name == module);
    let item = rest.first().zip(items);
    !glob && item.is_some_and(|(item, (_, items))| items.contains(item))
}

/// Whether `std::` followed by `path` is a module, so that a path can go on from it.
pub(super) fn is_module(path: &[&str]) -> bool {
    match path {
        [module] => MODULES.contains(module) || ITEMS.iter().any(|(name, _)| name == module),
        [outer, inner] => INNER_MODULES.contains(&(outer, inner)),
        _ => false,
    }
}

/// Whether the name is a type or trait that needs no import.
pub(super) fn is_in_scope(name: &str) -> bool {
    IN_SCOPE.contains(&name)
}

/// The import that brings a well-known name.
pub(super) fn import_of(name: &str) -> Option<String> {
    let known = IMPORTS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, path)| (*path).to_owned());
    known.or_else(|| HOMELESS.contains(&name).then(|| format!("std::{name}")))
}

/// What to do instead of what a refused part of `std` does.
pub(super) fn instead_of(path: &[&str]) -> &'static str {
    match path.first().copied().unwrap_or_default() {
        "fs" | "io" | "path" => "a method has no files: keep data in slots, and report with `Err`",
        "net" => "a method has no network: keep data in slots",
        "process" | "panic" => "return `Err(…)` to refuse",
        "env" | "os" | "ffi" => "a method sees only its slots and parameters",
        "thread" | "sync" | "future" | "task" => {
            "a method runs alone and at once: use plain values"
        }
        "ptr" | "alloc" | "mem" | "pin" => {
            "use references, `Option`, `Box`, and `std::mem::{take, replace, swap}`"
        }
        "time" => "use the function `now()`",
        "" => "import what is needed by its full path, such as `use std::collections::HashMap;`",
        _ => "use std's collections, strings, numbers and iterators",
    }
}
