//! What a path reaches: through aliases and imports to `std`, to the method's own types, or outside.

use super::scopes::{Meaning, Scopes};
use super::standard;

/// Aliases of aliases up to which a path is followed.
const MOST_ALIASES: usize = 16;

/// Where a path leads.
pub(super) enum Target {
    /// `std::` and these names.
    Standard(Vec<String>),
    /// A type that the source declares.
    OwnType,
    /// A type of the prelude, a generic parameter, the object's type.
    Known,
    /// The module that the method is compiled in, or a crate other than std.
    Outside(&'static str),
    /// Nothing known starts like this.
    Unknown,
}

/// Why a path is refused.
pub(super) struct Refusal {
    pub message: String,
    pub hint: String,
    /// The import that would make it right.
    pub import: Option<String>,
}

impl Refusal {
    fn new(message: String, hint: &str) -> Self {
        Self {
            message,
            hint: hint.to_owned(),
            import: None,
        }
    }
}

/// Follows a path from the outermost `depth` scopes.
pub(super) fn resolve(
    path: &[String],
    rooted: bool,
    object: &str,
    scopes: &Scopes,
    depth: usize,
) -> Target {
    let mut path = path.to_vec();
    let mut rooted = rooted;
    let mut depth = depth;
    for _ in 0..MOST_ALIASES {
        let Some((first, rest)) = path.split_first() else {
            return Target::Unknown;
        };
        match first.as_str() {
            "std" | "core" | "alloc" => return Target::Standard(rest.to_vec()),
            _ if rooted => return Target::Outside("another crate"),
            "crate" | "super" | "self" | "$crate" => {
                return Target::Outside("the module around the method");
            }
            name if name == object => return Target::Known,
            _ => {}
        }
        match scopes.look_up(first, depth) {
            Some((Meaning::OwnType, _)) => return Target::OwnType,
            Some((Meaning::Other, _)) => return Target::Known,
            Some((Meaning::Import(imported, imported_rooted), seen)) => {
                // An import whose path starts with its own name (`use std::…` aside) looks further out.
                let own_name = imported.first() == Some(first);
                depth = if own_name { seen - 1 } else { seen };
                rooted = *imported_rooted;
                if !rest.is_empty()
                    && first.starts_with(char::is_lowercase)
                    && !leads_to_module(imported)
                {
                    return Target::Unknown;
                }
                path = imported.iter().chain(rest).cloned().collect();
            }
            None if standard::is_in_scope(first) => return Target::Known,
            None if scopes.has_glob() && first.starts_with(char::is_uppercase) => {
                return Target::Known;
            }
            None => return Target::Unknown,
        }
    }
    Target::Unknown
}

/// An imported function's name does not hide a module of that name, so paths must not go on from it.
fn leads_to_module(imported: &[String]) -> bool {
    let names: Vec<&str> = imported.iter().map(String::as_str).collect();
    match names.split_first() {
        Some((&("std" | "core" | "alloc"), rest)) => standard::is_module(rest),
        // Through another alias: followed further, and judged at its end.
        Some(_) => names.len() == 1 || standard::is_module(names.get(1..).unwrap_or_default()),
        None => false,
    }
}

/// Judges a path of several names, or the path of an import.
pub(super) fn judge(
    path: &[String],
    rooted: bool,
    glob: bool,
    object: &str,
    scopes: &Scopes,
) -> Result<Target, Refusal> {
    let text = format!("{}{}", if rooted { "::" } else { "" }, path.join("::"));
    let target = resolve(path, rooted, object, scopes, scopes.depth());
    match &target {
        Target::Standard(rest) => {
            let names: Vec<&str> = rest.iter().map(String::as_str).collect();
            if standard::allows(&names, glob) {
                return Ok(target);
            }
            let full = ["std"]
                .iter()
                .chain(&names)
                .copied()
                .collect::<Vec<_>>()
                .join("::");
            let what = match (glob, full == text) {
                (true, _) => format!("everything in `{full}`"),
                (false, true) => format!("`{full}`"),
                (false, false) => format!("`{text}` (`{full}`)"),
            };
            Err(Refusal::new(
                format!("{what} is outside of what a method may use"),
                standard::instead_of(&names),
            ))
        }
        Target::OwnType | Target::Known => Ok(target),
        Target::Outside(what) => Err(Refusal::new(
            format!("`{text}` reaches into {what}"),
            "delete it: the object's type, `send`, `now`, `random` and `log` need no import",
        )),
        Target::Unknown => Err(unknown(path, &text)),
    }
}

fn unknown(path: &[String], text: &str) -> Refusal {
    let first = path.first().map_or("", String::as_str);
    let import = standard::import_of(first);
    let hint = match &import {
        Some(import) => format!("add `use {import};` as the first line"),
        None => {
            "import it from std by its full path, or declare it inside the method's body".into()
        }
    };
    Refusal {
        message: format!(
            "`{text}` starts with `{first}`, which is neither imported nor declared here"
        ),
        hint,
        import,
    }
}
