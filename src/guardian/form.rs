//! The form of a method's source: `use` lines, then one `impl` of the object with one method.

use super::diagnostic::{Edit, Findings, Stage};
use crate::method::{Receiver, Signature, StructSpec};
use crate::syntax::Node;

/// The one method, as far as it could be made out.
pub(super) struct Method<'s> {
    pub function: Node<'s>,
    pub body: Node<'s>,
    pub receiver: Option<Receiver>,
    pub signature: Option<Signature>,
}

pub(super) fn judge<'s>(
    root: Node<'s>,
    structure: &StructSpec,
    wanted: Option<&Signature>,
    findings: &mut Findings<'_>,
) -> Option<Method<'s>> {
    let mut form = Form {
        structure,
        wanted,
        findings,
    };
    let implementation = form.file(root)?;
    let function = form.implementation(implementation)?;
    form.function(function)
}

struct Form<'a, 't> {
    structure: &'a StructSpec,
    wanted: Option<&'a Signature>,
    findings: &'a mut Findings<'t>,
}

impl Form<'_, '_> {
    fn refuse(&mut self, node: Node<'_>, message: &str, hint: &str) {
        self.findings
            .report(Stage::Form, node.start(), message, Some(hint));
    }

    fn refuse_away(&mut self, node: Node<'_>, message: &str, hint: &str, attributes: &[Node<'_>]) {
        let start = attributes
            .first()
            .map_or(node.start(), |first| first.start());
        self.findings.report_fix(
            Stage::Form,
            node.start(),
            message,
            Some(hint),
            Some(vec![Edit::delete(start..node.end())]),
        );
    }

    /// The `impl` of the file, when there is one.
    fn file<'s>(&mut self, root: Node<'s>) -> Option<Node<'s>> {
        let object = &self.structure.name;
        let mut found: Option<Node<'s>> = None;
        let mut attributes: Vec<Node<'s>> = Vec::new();
        for item in root.children() {
            match item.kind() {
                "attribute_item" => {
                    attributes.push(item);
                    continue;
                }
                "empty_statement" | "inner_attribute_item" => {}
                "use_declaration" if found.is_some() => {
                    self.refuse(item, "`use` stands after the `impl`", "move it to the first line");
                }
                "use_declaration" => {
                    if item.has("visibility_modifier") {
                        self.refuse(item, "an import cannot be public", "write `use …;` without `pub`");
                    }
                }
                "impl_item" if found.is_none() => found = Some(item),
                "impl_item" => self.refuse(
                    item,
                    "there is a second `impl` block",
                    &format!("write exactly one `impl {object} {{ … }}` with one method; put helper functions inside its body"),
                ),
                "struct_item" => self.refuse_away(
                    item,
                    "a struct stands beside the `impl`",
                    &format!("delete it: the system makes `{object}` from its slots; helper types go inside the method's body"),
                    &attributes,
                ),
                "function_item" => self.refuse_away(
                    item,
                    "a function stands outside the `impl`",
                    "delete it, or move it inside the method's body",
                    &attributes,
                ),
                "mod_item" => self.refuse_away(item, "a method has no modules", "delete the `mod`", &attributes),
                "enum_item" | "const_item" | "static_item" | "type_item" => self.refuse(
                    item,
                    "only `use` lines may stand before the `impl`",
                    "move this item inside the method's body",
                ),
                _ => self.refuse(
                    item,
                    "only `use` lines and one `impl` block may stand here",
                    &format!("write `impl {object} {{ … }}` and nothing else"),
                ),
            }
            attributes.clear();
        }
        if found.is_none() {
            self.findings.report(
                Stage::Form,
                0,
                &format!("there is no `impl {object}` block"),
                Some(&format!("write `impl {object} {{ … }}` around the method")),
            );
        }
        found
    }

    /// The block's one function, when it is the right block.
    fn implementation<'s>(&mut self, item: Node<'s>) -> Option<Node<'s>> {
        let object = self.structure.name.clone();
        if item.field("trait").is_some() {
            let hint = format!("write an inherent `impl {object} {{ … }}`");
            self.refuse(item, "this implements a trait", &hint);
            return None;
        }
        let header = format!("write the header as `impl {object} {{`");
        if item.field("type_parameters").is_some() || item.has("where_clause") || item.has("!") {
            self.refuse(item, "the `impl` block is generic", &header);
        }
        let named = item
            .field("type")
            .filter(|ty| ty.kind() == "type_identifier");
        if named.is_none_or(|ty| ty.name() != object) {
            let found = item.field("type").map_or("", Node::text);
            self.refuse(
                item,
                &format!("the `impl` block is for `{found}`, not for `{object}`"),
                &header,
            );
            return None;
        }
        let mut function: Option<Node<'s>> = None;
        let Some(body) = item.field("body") else {
            self.refuse(item, "the `impl` block has no body", &header);
            return None;
        };
        for member in body.children() {
            match member.kind() {
                "{" | "}" | "attribute_item" | "inner_attribute_item" | "empty_statement" => {}
                "function_item" if function.is_none() => function = Some(member),
                "function_item" => self.refuse(
                    member,
                    "there is a second method in the `impl` block",
                    "write exactly one method; put helper functions inside its body",
                ),
                _ => self.refuse(
                    member,
                    "the `impl` block holds something else than one method",
                    "move it inside the method's body",
                ),
            }
        }
        if function.is_none() {
            let wanted = self
                .wanted
                .map_or("pub fn name(&self) { … }".to_owned(), |wanted| {
                    format!("pub {wanted} {{ … }}")
                });
            self.refuse(
                item,
                "the `impl` block holds no method",
                &format!("write `{wanted}` in it"),
            );
        }
        function
    }

    fn function<'s>(&mut self, function: Node<'s>) -> Option<Method<'s>> {
        match function.child("visibility_modifier").map(Node::text) {
            Some("pub") => {}
            None => self.findings.report_fix(
                Stage::Form,
                function.start(),
                "the method is not public",
                Some("write `pub fn`"),
                Some(vec![Edit::insert(function.start(), "pub ")]),
            ),
            Some(other) => self.refuse(
                function,
                &format!("the method's visibility is `{other}`"),
                "write `pub fn`",
            ),
        }
        if let Some(modifiers) = function.child("function_modifiers") {
            let message = format!("the method is `{}`", modifiers.text());
            self.refuse(modifiers, &message, "write a plain `pub fn`");
        }
        if let Some(generic) = function
            .field("type_parameters")
            .or_else(|| function.child("where_clause"))
        {
            self.refuse(
                generic,
                "the method is generic",
                "write concrete types instead of type parameters and lifetimes",
            );
        }
        let receiver = self.receiver(function);
        let signature = self.signature(function);
        Some(Method {
            function,
            body: function.field("body")?,
            receiver,
            signature,
        })
    }

    fn receiver(&mut self, function: Node<'_>) -> Option<Receiver> {
        const HINT: &str =
            "write `&mut self` as the first parameter when the method changes slots, else `&self`";
        let parameters = function.field("parameters")?;
        let Some(first) = parameters.child("self_parameter") else {
            self.refuse(
                parameters,
                "the method does not take `&self` or `&mut self`",
                HINT,
            );
            return None;
        };
        let tokens: Vec<&str> = first.children().iter().map(|token| token.kind()).collect();
        match tokens.as_slice() {
            ["&", "self"] => Some(Receiver::Shared),
            ["&", "mutable_specifier", "self"] => Some(Receiver::Mutable),
            _ => {
                self.refuse(first, &format!("the method takes `{}`", first.text()), HINT);
                None
            }
        }
    }

    fn signature(&mut self, function: Node<'_>) -> Option<Signature> {
        let parameters = function.field("parameters")?;
        let mut text = format!("fn {}(", function.field("name")?.text());
        for (index, parameter) in parameters.named().into_iter().enumerate() {
            let piece = match parameter.kind() {
                "self_parameter" => parameter.text().to_owned(),
                "parameter" => {
                    let pattern = parameter.field("pattern")?;
                    if pattern.kind() != "identifier" {
                        self.refuse(
                            pattern,
                            "a parameter is a pattern",
                            "give it a plain name and take it apart inside the body",
                        );
                        return None;
                    }
                    format!("{}: {}", pattern.name(), parameter.field("type")?.text())
                }
                "attribute_item" => {
                    self.refuse(
                        parameter,
                        "a parameter has an attribute",
                        "delete the attribute",
                    );
                    return None;
                }
                _ => {
                    self.refuse(
                        parameter,
                        "this is no parameter of a method",
                        "write `name: Type`",
                    );
                    return None;
                }
            };
            if index > 0 {
                text.push_str(", ");
            }
            text.push_str(&piece);
        }
        text.push(')');
        if let Some(returns) = function.field("return_type") {
            text.push_str(" -> ");
            text.push_str(returns.text());
        }
        match Signature::parse(&text) {
            Ok(signature) => {
                self.compare(function, &signature);
                Some(signature)
            }
            Err(error) => {
                self.refuse(
                    function,
                    &error.to_string(),
                    "write the signature with plain std types",
                );
                None
            }
        }
    }

    fn compare(&mut self, function: Node<'_>, found: &Signature) {
        let Some(wanted) = self.wanted.filter(|wanted| *wanted != found) else {
            return;
        };
        let message = format!("the signature is `{found}`, but `{wanted}` is wanted");
        self.refuse(
            function,
            &message,
            &format!("write the method's first line as `pub {wanted} {{`"),
        );
    }
}
