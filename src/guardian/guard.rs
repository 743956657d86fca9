//! A way out for nothing: many methods take the first of a list before they look whether there is one.
//!
//! It is put in only where a method traps without it, and for that argument alone, so it takes nothing from what works.

use crate::method::{Receiver, Signature, Type};
use crate::syntax::{Node, Source};

/// The expression that a method with that result returns when there is nothing to work on; `None` where that is not plain.
pub fn nothing(returns: &Type) -> Option<&'static str> {
    Some(match returns {
        Type::String => "String::new()",
        Type::Vec(_) => "Vec::new()",
        Type::Option(_) => "None",
        Type::HashMap(..)
        | Type::BTreeMap(..)
        | Type::HashSet(_)
        | Type::BTreeSet(_)
        | Type::VecDeque(_) => "Default::default()",
        Type::F32 | Type::F64 => "0.0",
        ty if ty.integer_range().is_some() => "0",
        _ => return None,
    })
}

/// Parameters that can be empty, of a method that has something to return then. One that changes its object is left as it is.
pub fn may_be_empty(signature: &Signature) -> Vec<&str> {
    if signature.receiver == Receiver::Mutable || nothing(&signature.returns).is_none() {
        return Vec::new();
    }
    let params = signature.params.iter();
    params
        .filter(|param| has_is_empty(&param.ty))
        .map(|param| param.name.as_str())
        .collect()
}

fn has_is_empty(ty: &Type) -> bool {
    match ty {
        Type::Ref(inner) | Type::Box(inner) => has_is_empty(inner),
        Type::String
        | Type::Str
        | Type::Vec(_)
        | Type::VecDeque(_)
        | Type::Slice(_)
        | Type::HashMap(..)
        | Type::BTreeMap(..)
        | Type::HashSet(_)
        | Type::BTreeSet(_) => true,
        _ => false,
    }
}

/// The source with a first line that returns nothing for an empty `param`; `None` when the method is not found.
pub fn guard_empty(source: &str, signature: &Signature, param: &str) -> Option<String> {
    let nothing = nothing(&signature.returns)?;
    let tree = Source::parse(source);
    let method = tree.root()?.named().into_iter().find_map(|item| {
        let body = item.field("body").filter(|_| item.kind() == "impl_item")?;
        let mut items = body.named().into_iter();
        items.find(|item| {
            let name = item.field("name").map(Node::text);
            item.kind() == "function_item" && name == Some(signature.name.as_str())
        })
    })?;
    let at = method.field("body")?.start() + 1;
    let (before, after) = source.split_at_checked(at)?;
    Some(format!(
        "{before}\n        if {param}.is_empty() {{\n            return {nothing};\n        }}{after}"
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn params(signature: &str) -> Vec<String> {
        let signature = Signature::parse(signature).unwrap();
        may_be_empty(&signature)
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn the_way_out_is_the_first_statement() {
        let signature = Signature::parse("fn least(&self, all: Vec<i64>) -> Option<i64>").unwrap();
        let source = "impl List {\n    pub fn least(&self, all: Vec<i64>) -> Option<i64> {\n        Some(all[0])\n    }\n}\n";
        insta::assert_snapshot!(guard_empty(source, &signature, "all").unwrap(), @r"
        impl List {
            pub fn least(&self, all: Vec<i64>) -> Option<i64> {
                if all.is_empty() {
                    return None;
                }
                Some(all[0])
            }
        }
        ");
        assert_eq!(guard_empty("fn other() {}", &signature, "all"), None);
    }

    #[test]
    fn only_what_can_be_empty_and_has_a_result_for_it_is_guarded() {
        assert_eq!(
            params("fn f(&self, text: &str, all: Vec<i64>, n: i64) -> String"),
            ["text", "all"]
        );
        for none in [
            "fn f(&self, n: i64) -> i64",
            "fn f(&self, all: Vec<i64>) -> bool",
            "fn f(&self, all: Vec<i64>) -> Result<i64, String>",
            "fn f(&mut self, all: Vec<i64>) -> i64",
        ] {
            assert!(params(none).is_empty(), "{none}");
        }
    }
}
