//! `use` declarations taken apart: through groups, aliases and globs to one full path each.

use crate::syntax::Node;

/// One name (or glob) that a `use` brings.
pub(super) struct Import<'s> {
    pub node: Node<'s>,
    /// The full path's names, without a leading `::`.
    pub path: Vec<String>,
    /// Whether the path began with `::`.
    pub rooted: bool,
    /// The name in this scope; `None` for a glob.
    pub name: Option<String>,
    /// Whether the name was changed by `as`.
    pub renamed: bool,
    pub glob: bool,
}

/// All imports of a `use_declaration`.
pub(super) fn of(declaration: Node<'_>) -> Vec<Import<'_>> {
    let mut found = Vec::new();
    if let Some(argument) = declaration.field("argument") {
        gather(argument, &Prefix::default(), &mut found);
    }
    found
}

/// The names of a path expression, type or import, and whether it began with `::`. Generic arguments
/// are left out. A part that is no plain name is kept as its text, which no list contains.
pub(super) fn names(path: Node<'_>) -> (Vec<String>, bool) {
    match path.kind() {
        "scoped_identifier" | "scoped_type_identifier" => {
            let (mut names, rooted) = path.field("path").map_or((Vec::new(), true), names);
            names.push(path.field("name").map_or("", Node::name).to_owned());
            (names, rooted)
        }
        "generic_type" | "generic_type_with_turbofish" => path
            .field("type")
            .map_or((vec![path.text().to_owned()], false), names),
        _ => (vec![path.name().to_owned()], false),
    }
}

#[derive(Default, Clone)]
struct Prefix {
    path: Vec<String>,
    rooted: bool,
}

impl Prefix {
    fn join(&self, path: Node<'_>) -> Self {
        let (names, rooted) = names(path);
        let mut joined = self.clone();
        joined.rooted |= rooted && self.path.is_empty();
        joined.path.extend(names);
        joined
    }
}

fn gather<'s>(clause: Node<'s>, prefix: &Prefix, found: &mut Vec<Import<'s>>) {
    match clause.kind() {
        "use_list" => {
            for inner in clause.named() {
                gather(inner, prefix, found);
            }
        }
        "scoped_use_list" => {
            let inner = match clause.field("path") {
                Some(path) => prefix.join(path),
                None => Prefix {
                    rooted: prefix.path.is_empty(),
                    ..prefix.clone()
                },
            };
            if let Some(list) = clause.field("list") {
                gather(list, &inner, found);
            }
        }
        "use_wildcard" => {
            let path = clause
                .named()
                .first()
                .map_or_else(|| prefix.clone(), |path| prefix.join(*path));
            let rooted = path.rooted || clause.named().is_empty();
            found.push(Import {
                node: clause,
                path: path.path,
                rooted,
                name: None,
                renamed: false,
                glob: true,
            });
        }
        "use_as_clause" => {
            let path = clause
                .field("path")
                .map_or_else(|| prefix.clone(), |path| prefix.join(path));
            let alias = clause.field("alias").map(|alias| alias.name().to_owned());
            found.push(import(clause, path, alias));
        }
        _ => found.push(import(clause, prefix.join(clause), None)),
    }
}

fn import(node: Node<'_>, mut path: Prefix, alias: Option<String>) -> Import<'_> {
    // `use std::fmt::{self}` imports `std::fmt`.
    if path.path.len() > 1 && path.path.last().is_some_and(|last| last == "self") {
        path.path.pop();
    }
    let last = path.path.last().cloned();
    let renamed = alias.is_some() && alias != last;
    Import {
        node,
        path: path.path,
        rooted: path.rooted,
        name: alias.or(last),
        renamed,
        glob: false,
    }
}
