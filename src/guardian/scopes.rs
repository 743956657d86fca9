//! Which names a block brings into scope: imports, types declared in it, generic parameters.
//!
//! Only names that a path can start with count. rustc sees items in the whole block they stand in, so a
//! block's scope is made before the block is judged.

use std::collections::HashMap;

use super::imports::{self, Import};
use crate::syntax::Node;

/// What the first name of a path stands for.
#[derive(Clone)]
pub(super) enum Meaning {
    /// An imported path: its names, and whether it began with `::`.
    Import(Vec<String>, bool),
    /// A struct or enum declared in the source.
    OwnType,
    /// A type alias or a generic parameter.
    Other,
}

#[derive(Default)]
pub(super) struct Scope {
    names: HashMap<String, Meaning>,
    has_glob: bool,
}

impl Scope {
    /// Of the items that stand directly in a block or file.
    pub(super) fn of_block(block: Node<'_>) -> Self {
        let mut scope = Self::default();
        for item in block.named() {
            match item.kind() {
                "use_declaration" => {
                    for import in imports::of(item) {
                        scope.import(import);
                    }
                }
                "struct_item" | "enum_item" => scope.declare(item, Meaning::OwnType),
                "type_item" => scope.declare(item, Meaning::Other),
                _ => {}
            }
        }
        scope
    }

    /// Of the generic parameters of a function, type or implementation.
    pub(super) fn of_generics(item: Node<'_>) -> Self {
        let mut scope = Self::default();
        for parameter in item
            .field("type_parameters")
            .map(Node::named)
            .unwrap_or_default()
        {
            scope.declare(parameter, Meaning::Other);
        }
        scope
    }

    fn import(&mut self, import: Import<'_>) {
        if import.glob {
            self.has_glob = true;
        } else if let Some(name) = import.name {
            self.names
                .insert(name, Meaning::Import(import.path, import.rooted));
        }
    }

    fn declare(&mut self, item: Node<'_>, meaning: Meaning) {
        if let Some(name) = item.field("name") {
            self.names.insert(name.name().to_owned(), meaning);
        }
    }
}

/// The scopes around the place that is judged, innermost last.
#[derive(Default)]
pub(super) struct Scopes {
    stack: Vec<Scope>,
}

impl Scopes {
    pub(super) fn push(&mut self, scope: Scope) {
        self.stack.push(scope);
    }

    pub(super) fn pop(&mut self) {
        self.stack.pop();
    }

    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// What `name` means seen from the outermost `depth` scopes, and how many of them see what it means.
    pub(super) fn look_up(&self, name: &str, depth: usize) -> Option<(&Meaning, usize)> {
        let seen = self.stack.iter().enumerate().take(depth);
        seen.rev()
            .find_map(|(index, scope)| Some((scope.names.get(name)?, index + 1)))
    }

    /// Whether a glob import could bring a name.
    pub(super) fn has_glob(&self) -> bool {
        self.stack.iter().any(|scope| scope.has_glob)
    }
}
