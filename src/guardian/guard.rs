//! A way out for nothing: many methods take the first of a list before they look whether there is one.
//!
//! It is put in only where a method traps without it, so it takes nothing from one that works.

use crate::method::{Receiver, Signature, Type};
use crate::syntax::Source;

/// What a method with that result returns when there is nothing to work on; `None` where that is not plain.
fn nothing(returns: &Type) -> Option<&'static str> {
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
        Type::U8
        | Type::U16
        | Type::U32
        | Type::U64
        | Type::U128
        | Type::Usize
        | Type::I8
        | Type::I16
        | Type::I32
        | Type::I64
        | Type::I128
        | Type::Isize => "0",
        _ => return None,
    })
}

/// Parameters that can be empty, of a method that has something to return then. One that changes its object is left as it
/// is, and so is one whose brief has another number in mind.
pub fn may_be_empty<'a>(signature: &'a Signature, brief: &str) -> Vec<&'a str> {
    let Some(nothing) = nothing(&signature.returns) else {
        return Vec::new();
    };
    let brief = brief.to_lowercase();
    let says_other = nothing.starts_with('0')
        && brief.contains("empty")
        && !brief.contains('0')
        && !brief.contains("zero");
    if signature.receiver == Receiver::Mutable || says_other {
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
            let name = item.field("name").map(|name| name.text());
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
        params_with(signature, "")
    }

    fn params_with(signature: &str, brief: &str) -> Vec<String> {
        let signature = Signature::parse(signature).unwrap();
        may_be_empty(&signature, brief)
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
        let sum = "fn f(&self, all: Vec<i64>) -> i64";
        assert_eq!(params_with(sum, "of an empty list it is 0"), ["all"]);
        assert!(params_with(sum, "for an empty list return -1").is_empty());
    }
}
