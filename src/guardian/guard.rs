//! A way out for nothing: many methods take the first of a list before they look whether there is one.
//!
//! It is put in only where a method traps without it, and for that argument alone, so it takes nothing from what works.

use crate::method::{Receiver, Signature, Type};
use crate::syntax::{Node, Source};

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
/// is, and so is one whose brief says otherwise what is to come of nothing.
pub fn may_be_empty<'a>(signature: &'a Signature, brief: &str) -> Vec<&'a str> {
    let Some(nothing) = nothing(&signature.returns) else {
        return Vec::new();
    };
    if signature.receiver == Receiver::Mutable || !agrees(brief, nothing) {
        return Vec::new();
    }
    let params = signature.params.iter();
    params
        .filter(|param| has_is_empty(&param.ty))
        .map(|param| param.name.as_str())
        .collect()
}

/// Whether all that the brief says of nothing has this result.
fn agrees(brief: &str, nothing: &str) -> bool {
    const OF_NOTHING: [&str; 5] = ["empty", "no", "none", "without", "nothing"];
    let brief = brief.to_lowercase();
    let clauses = brief
        .split(['\n', ';'])
        .flat_map(|line| line.split(". "))
        .map(words);
    clauses
        .filter(|clause| clause.iter().any(|word| OF_NOTHING.contains(word)))
        .all(|clause| {
            let count =
                |wanted: &[&str]| clause.iter().filter(|word| wanted.contains(word)).count();
            match nothing {
                "0" | "0.0" => count(&["0", "zero"]) > 0,
                "None" => count(&["none", "nothing"]) > 0,
                // "An empty list gives an empty list", "without lines nothing".
                _ => count(&["empty", "nothing", "stays"]) > 1,
            }
        })
}

fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
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
        for other in [
            "for an empty list return -1",
            "the largest, -1 if there are no numbers; f([10, 3]) is 10",
        ] {
            assert!(params_with(sum, other).is_empty(), "{other}");
        }
        let join = "fn f(&self, all: Vec<String>) -> String";
        assert_eq!(
            params_with(join, "An empty list gives an empty text"),
            ["all"]
        );
        assert!(params_with(join, "an empty list gives \"-\"").is_empty());
    }
}
