//! Forbidden constructs, judged node by node over the whole tree.
//!
//! Node kinds are on a list of harmless ones or are refused: what a later grammar brings is refused
//! until somebody has thought about it.

use super::diagnostic::{Edit, Findings, Stage};
use super::imports::{self, Import};
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
                self.declared(node)
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
                parts.extend(node.field("type_arguments"))
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

/// Why a node is refused by its kind alone.
fn refused(node: Node<'_>) -> Option<(&'static str, &'static str)> {
    const PLAIN: &str = "write the method in plain safe Rust";
    const ASYNC: &str = "a method runs at once: write a plain function";
    if !node.is_named() {
        return match node.kind() {
            "unsafe" => Some(("`unsafe` is not allowed", PLAIN)),
            "extern" => Some(("`extern` is not allowed", PLAIN)),
            "async" => Some(("`async` is not allowed", ASYNC)),
            "default" => Some(("`default` is not allowed here", PLAIN)),
            "raw" => Some(("raw pointers are not allowed", "use a reference")),
            _ => None,
        };
    }
    match node.kind() {
        "unsafe_block" => Some(("`unsafe` is not allowed", PLAIN)),
        "extern_modifier" | "foreign_mod_item" | "extern_crate_declaration" => {
            Some(("`extern` is not allowed", PLAIN))
        }
        "static_item" if node.has("mutable_specifier") || node.has("ref") => Some((
            "`static mut` is not allowed",
            "keep what must last in a slot, and the rest in a `let`",
        )),
        "pointer_type" => Some(("raw pointers are not allowed", "use a reference")),
        "union_item" => Some(("a `union` is not allowed", "use an `enum`")),
        "trait_item" | "associated_type" => Some((
            "a method declares no traits",
            "write a helper `fn` inside the body",
        )),
        "mod_item" => Some((
            "a method has no modules",
            "put helpers directly inside the body",
        )),
        "macro_definition" => Some((
            "`macro_rules!` is not allowed",
            "write a helper `fn` inside the body",
        )),
        "async_block" | "await_expression" => Some(("`async` is not allowed", ASYNC)),
        "gen_block" | "try_block" | "yield_expression" => Some(("this is not stable Rust", PLAIN)),
        "inner_attribute_item" => Some((
            "an attribute for everything around it is not allowed",
            "delete the `#![…]` line",
        )),
        "super" | "crate" => Some((
            "this reaches into the module around the method",
            "delete it: the object's type, `send`, `now`, `random` and `log` need no path",
        )),
        "function_signature_item" | "variadic_parameter" => {
            Some(("a function needs its body", PLAIN))
        }
        "string_literal" | "raw_string_literal" if node.text().starts_with('c') => {
            Some(("C strings are not allowed", "write a plain string"))
        }
        "visibility_modifier" if node.text() != "pub" => {
            Some(("only plain `pub` is possible here", "delete it"))
        }
        kind if is_harmless(kind) => None,
        _ => Some(("this construct is not allowed in a method", PLAIN)),
    }
}

/// Kinds that are judged elsewhere, or by their children.
fn is_harmless(kind: &str) -> bool {
    matches!(
        kind,
        "abstract_type"
            | "arguments"
            | "array_expression"
            | "array_type"
            | "assignment_expression"
            | "attribute_item"
            | "base_field_initializer"
            | "binary_expression"
            | "block"
            | "boolean_literal"
            | "bounded_type"
            | "bracketed_type"
            | "break_expression"
            | "call_expression"
            | "captured_pattern"
            | "char_literal"
            | "closure_expression"
            | "closure_parameters"
            | "compound_assignment_expr"
            | "const_block"
            | "const_item"
            | "const_parameter"
            | "continue_expression"
            | "declaration_list"
            | "dynamic_type"
            | "else_clause"
            | "empty_statement"
            | "enum_item"
            | "enum_variant"
            | "enum_variant_list"
            | "escape_sequence"
            | "expression_statement"
            | "field_declaration"
            | "field_declaration_list"
            | "field_expression"
            | "field_identifier"
            | "field_initializer"
            | "field_initializer_list"
            | "field_pattern"
            | "float_literal"
            | "for_expression"
            | "for_lifetimes"
            | "function_item"
            | "function_modifiers"
            | "function_type"
            | "generic_function"
            | "generic_pattern"
            | "generic_type"
            | "generic_type_with_turbofish"
            | "higher_ranked_trait_bound"
            | "identifier"
            | "if_expression"
            | "impl_item"
            | "index_expression"
            | "integer_literal"
            | "label"
            | "let_chain"
            | "let_condition"
            | "let_declaration"
            | "lifetime"
            | "lifetime_parameter"
            | "loop_expression"
            | "macro_invocation"
            | "match_arm"
            | "match_block"
            | "match_expression"
            | "match_pattern"
            | "mut_pattern"
            | "mutable_specifier"
            | "negative_literal"
            | "never_type"
            | "or_pattern"
            | "ordered_field_declaration_list"
            | "parameter"
            | "parameters"
            | "parenthesized_expression"
            | "primitive_type"
            | "qualified_type"
            | "range_expression"
            | "range_pattern"
            | "raw_string_literal"
            | "ref_pattern"
            | "reference_expression"
            | "reference_pattern"
            | "reference_type"
            | "remaining_field_pattern"
            | "removed_trait_bound"
            | "return_expression"
            | "scoped_identifier"
            | "scoped_type_identifier"
            | "self"
            | "self_parameter"
            | "shorthand_field_identifier"
            | "shorthand_field_initializer"
            | "slice_pattern"
            | "source_file"
            | "static_item"
            | "string_content"
            | "string_literal"
            | "struct_expression"
            | "struct_item"
            | "struct_pattern"
            | "trait_bounds"
            | "try_expression"
            | "tuple_expression"
            | "tuple_pattern"
            | "tuple_struct_pattern"
            | "tuple_type"
            | "type_arguments"
            | "type_binding"
            | "type_cast_expression"
            | "type_identifier"
            | "type_item"
            | "type_parameter"
            | "type_parameters"
            | "unary_expression"
            | "unit_expression"
            | "unit_type"
            | "use_bounds"
            | "use_declaration"
            | "visibility_modifier"
            | "where_clause"
            | "where_predicate"
            | "while_expression"
    )
}
