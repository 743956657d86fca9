//! Forbidden constructs, judged node by node over the whole tree.
//!
//! Node kinds are on a list of harmless ones or are refused: what a later grammar brings is refused
//! until somebody has thought about it.

use super::diagnostic::{Edit, Findings, Stage};
use super::imports::{self, Import};
use super::kinds::refused;
use super::macros;
use super::paths::{self, Refusal};
use super::scopes::{Meaning, Scope, Scopes};
use crate::method::StructSpec;
use crate::syntax::Node;

/// Names that judgements rest on: nothing else may be called so.
const RESERVED: &[&str] = &[
    "Err",
    "None",
    "Ok",
    "Option",
    "Result",
    "Some",
    "alloc",
    "core",
    "mark_changed",
    "std",
];

/// Beginnings of names that belong to the prelude around the method.
const PRELUDE_PREFIXES: &[&str] = &["__", "batos_"];

/// Lints that keep a compile short: they cannot be allowed.
const NEEDED_LINTS: &[&str] = &["long_running_const_eval"];

pub(super) fn judge(root: Node<'_>, structure: &StructSpec, findings: &mut Findings<'_>) {
    let mut walker = Walker {
        object: &structure.name,
        findings,
        scopes: Scopes::default(),
        macro_depth: 0,
        in_body: false,
    };
    walker.walk(root);
}

pub(super) struct Walker<'a, 't> {
    object: &'a str,
    findings: &'a mut Findings<'t>,
    scopes: Scopes,
    /// How many macros' arguments this is inside of.
    pub macro_depth: usize,
    in_body: bool,
}

impl Walker<'_, '_> {
    pub(super) fn refuse(&mut self, node: Node<'_>, message: &str, hint: &str) {
        self.findings
            .report(Stage::Forbidden, node.start(), message, Some(hint));
    }

    fn refuse_path(&mut self, node: Node<'_>, refusal: &Refusal) {
        let edits = refusal
            .import
            .as_ref()
            .map(|import| vec![Edit::insert(0, format!("use {import};\n"))]);
        self.findings.report_fix(
            Stage::Forbidden,
            node.start(),
            &refusal.message,
            Some(&refusal.hint),
            edits,
        );
    }

    /// Recursion is bounded: a source nested too deeply is refused before.
    pub(super) fn walk(&mut self, node: Node<'_>) {
        if let Some((message, hint)) = refused(node) {
            self.refuse(node, message, hint);
            return;
        }
        let scopes = self.scopes.depth();
        match node.kind() {
            "source_file" | "block" => self.scopes.push(Scope::of_block(node)),
            "function_item" | "impl_item" | "struct_item" | "enum_item" | "type_item" => {
                self.scopes.push(Scope::of_generics(node));
            }
            _ => {}
        }
        if self.judge_node(node) {
            for child in node.children() {
                self.walk(child);
            }
        }
        while self.scopes.depth() > scopes {
            self.scopes.pop();
        }
    }

    /// Returns whether to go on with its children.
    fn judge_node(&mut self, node: Node<'_>) -> bool {
        match node.kind() {
            "attribute_item" => {
                self.attribute(node);
                return false;
            }
            "use_declaration" => {
                self.import_declaration(node);
                return false;
            }
            "macro_invocation" => {
                macros::judge(self, node);
                return false;
            }
            "scoped_identifier" | "scoped_type_identifier" => return self.path(node),
            "identifier"
            | "type_identifier"
            | "field_identifier"
            | "shorthand_field_identifier" => {
                self.name(node);
            }
            "function_item" | "struct_item" | "enum_item" | "type_item" | "const_item"
            | "static_item" | "enum_variant" | "type_parameter" | "const_parameter" => {
                self.declared(node);
            }
            "impl_item" if self.in_body => self.inner_impl(node),
            "impl_item" => {
                // The object's own `impl`, whose form is judged elsewhere.
                self.in_body = true;
            }
            _ => {}
        }
        true
    }

    fn name(&mut self, node: Node<'_>) {
        let name = node.name();
        if PRELUDE_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            self.refuse(
                node,
                &format!("the name `{name}` belongs to the system"),
                "use a name that begins with neither `__` nor `batos_`",
            );
        }
    }

    fn declared(&mut self, item: Node<'_>) {
        let Some(name) = item.field("name") else {
            return;
        };
        if RESERVED.contains(&name.name()) || name.name() == self.object {
            let message = format!("`{}` cannot be declared anew", name.name());
            self.refuse(name, &message, "choose another name");
        }
    }

    /// A path of several names. Its parts are judged on their own only where they hold types.
    fn path(&mut self, node: Node<'_>) -> bool {
        for part in inner_parts(node) {
            self.walk(part);
        }
        let mut names_of = node;
        while let Some(name) = names_of.field("name") {
            self.name(name);
            let Some(path) = names_of.field("path") else {
                break;
            };
            names_of = path;
        }
        if leads_from_type(node) {
            return false;
        }
        let (names, rooted) = imports::names(node);
        if let Err(refusal) = paths::judge(&names, rooted, false, self.object, &self.scopes) {
            self.refuse_path(node, &refusal);
        }
        false
    }

    fn import_declaration(&mut self, declaration: Node<'_>) {
        for import in imports::of(declaration) {
            self.import(&import);
        }
        for part in declaration.children() {
            if part.kind() == "visibility_modifier" {
                self.walk(part);
            }
        }
    }

    fn import(&mut self, import: &Import<'_>) {
        if let Err(refusal) = paths::judge(
            &import.path,
            import.rooted,
            import.glob,
            self.object,
            &self.scopes,
        ) {
            self.refuse_path(import.node, &refusal);
            return;
        }
        let names = import
            .path
            .iter()
            .map(String::as_str)
            .chain(import.name.as_deref());
        for name in names {
            if PRELUDE_PREFIXES
                .iter()
                .any(|prefix| name.starts_with(prefix))
                && name.len() > 1
            {
                let message = format!("the name `{name}` belongs to the system");
                self.refuse(import.node, &message, "import something else");
            }
        }
        let Some(name) = import.name.as_deref().filter(|_| import.renamed) else {
            return;
        };
        if RESERVED.contains(&name) || name == self.object || macros::is_allowed(name) {
            let message = format!("an import cannot be renamed to `{name}`");
            self.refuse(import.node, &message, "import it under its own name");
        }
    }

    fn attribute(&mut self, item: Node<'_>) {
        let Some(attribute) = item.child("attribute") else {
            return;
        };
        let path = attribute.named().first().map_or("", |path| path.text());
        if !matches!(path, "doc" | "allow" | "inline") {
            let hint = if path == "derive" {
                "delete it: write what is needed as an `impl` for the inner type, or use tuples"
            } else {
                "delete it; only `doc`, `allow` and `inline` are possible"
            };
            let message = format!("the attribute `{path}` is not allowed");
            self.findings.report_fix(
                Stage::Forbidden,
                item.start(),
                &message,
                Some(hint),
                Some(vec![Edit::delete(item.span())]),
            );
            return;
        }
        if let Some(value) = attribute.field("value") {
            self.walk(value);
        }
        if let Some(arguments) = attribute.field("arguments") {
            self.attribute_tokens(arguments);
        }
    }

    fn attribute_tokens(&mut self, tokens: Node<'_>) {
        for token in tokens.children() {
            match token.kind() {
                "token_tree" => self.attribute_tokens(token),
                "identifier" if NEEDED_LINTS.contains(&token.name()) => self.refuse(
                    token,
                    &format!("the lint `{}` cannot be allowed", token.name()),
                    "delete the attribute, and compute the value when the method runs",
                ),
                "identifier" | "string_literal" | "(" | ")" | "," | "::" | "=" => {}
                _ => self.refuse(
                    token,
                    "an attribute's argument is a plain name",
                    "delete the attribute",
                ),
            }
        }
    }

    /// Inside the body, implementations are for the types declared there only.
    fn inner_impl(&mut self, item: Node<'_>) {
        let implemented = item.field("type").map(|ty| match ty.kind() {
            "generic_type" => ty.field("type").unwrap_or(ty),
            _ => ty,
        });
        let Some(ty) = implemented else {
            return;
        };
        let is_own = ty.kind() == "type_identifier"
            && ty.name() != self.object
            && matches!(
                self.scopes.look_up(ty.name(), self.scopes.depth()),
                Some((Meaning::OwnType, _))
            );
        if !is_own {
            self.findings.report(
                Stage::Form,
                item.start(),
                &format!("an `impl` for `{}` stands inside the method", ty.text()),
                Some("implement only types declared in this body; write a helper `fn` instead"),
            );
        }
    }
}

/// `<T as Trait>` and the generic arguments within a path.
fn inner_parts(path: Node<'_>) -> Vec<Node<'_>> {
    let mut parts = Vec::new();
    let mut next = Some(path);
    while let Some(node) = next {
        next = node.field("path").or_else(|| node.field("type"));
        match node.kind() {
            "bracketed_type" => {
                parts.extend(node.named());
                return parts;
            }
            "generic_type" | "generic_type_with_turbofish" => {
                parts.extend(node.field("type_arguments"));
            }
            _ => {}
        }
    }
    parts
}

/// Whether the path begins with `<T>`, which is judged as a type.
fn leads_from_type(path: Node<'_>) -> bool {
    let mut node = path;
    while let Some(inner) = node.field("path").or_else(|| node.field("type")) {
        node = inner;
    }
    node.kind() == "bracketed_type"
}
