//! Calls of the object's own other methods. Each method is compiled alone, so one that only reads and is called comes along: as a
//! nested function that takes the object, as it is then.

use std::ops::Range;

use super::apply::apply;
use super::diagnostic::Edit;
use super::idioms::edit;
use super::rename::{leaves, subject};
use crate::syntax::{Node, Source};

/// How a nested function calls the object.
const OBJECT: &str = "this";

/// The source with each `self.level(…)` as `own_level(self, …)`, and the method of that name within it. `others` are selectors and
/// sources. `None` where none of them is called so that can come along: it takes `&self`.
pub fn bring_helpers(source: &str, others: &[(String, String)]) -> Option<String> {
    let tree = Source::parse(source);
    if !tree.problems().is_empty() {
        return None;
    }
    let object = subject(source)?;
    let root = tree.root()?;
    let start = method(root)?.field("body")?.start() + 1;
    let mut tokens = Vec::new();
    leaves(root, &mut tokens);
    let mut edits: Vec<Edit> = Vec::new();
    let mut brought: Vec<&str> = Vec::new();
    let mut helpers = String::new();
    for five in tokens.windows(5) {
        let [receiver, dot, name, open, next] = five else {
            continue;
        };
        let calls = receiver.kind() == "self" && dot.text() == "." && open.text() == "(";
        let other = others.iter().find(|(selector, _)| selector == name.name());
        let Some((selector, source)) = other.filter(|_| calls) else {
            continue;
        };
        // A variable may well be called as the method is.
        let own = format!("own_{selector}");
        if !brought.contains(&selector.as_str()) {
            let Some(helper) = helper(source, &own, &object) else {
                continue;
            };
            helpers.push_str(&format!("\n        {}\n", indented(&helper)));
            brought.push(selector);
        }
        let comma = if next.text() == ")" { "" } else { ", " };
        let call = format!("{own}(self{comma}");
        edits.push(edit(receiver.start()..open.end(), call));
    }
    if edits.is_empty() {
        return None;
    }
    edits.push(edit(start..start, helpers));
    apply(source, [edits.as_slice()].into_iter())
}

/// One step further in, unless a text goes over several lines.
fn indented(helper: &str) -> String {
    let is_whole = |line: &str| line.matches('"').count().is_multiple_of(2);
    if helper.lines().all(is_whole) {
        helper.replace('\n', "\n    ")
    } else {
        helper.to_owned()
    }
}

/// The method as a function of that name which takes the object; `None` when it does not take `&self`.
fn helper(source: &str, name: &str, object: &str) -> Option<String> {
    let tree = Source::parse(source);
    let method = method(tree.root()?)?;
    let mut tokens = Vec::new();
    leaves(method, &mut tokens);
    let first = tokens.iter().position(|token| token.text() == "fn")?;
    let tokens = tokens.get(first..)?;
    let receiver = method.field("parameters")?.child("self_parameter")?;
    if receiver.text().split_whitespace().collect::<String>() != "&self" {
        return None;
    }
    let start = tokens.first()?.start();
    let shifted = |range: Range<usize>| range.start - start..range.end - start;
    let mut edits = vec![
        edit(shifted(method.field("name")?.span()), name),
        edit(shifted(receiver.span()), format!("{OBJECT}: &{object}")),
    ];
    let within = tokens
        .iter()
        .filter(|token| token.kind() == "self" && token.start() >= receiver.end());
    edits.extend(within.map(|token| edit(shifted(token.span()), OBJECT)));
    apply(
        source.get(start..method.end())?,
        [edits.as_slice()].into_iter(),
    )
}

/// The first method of the first `impl`.
fn method(root: Node<'_>) -> Option<Node<'_>> {
    root.child("impl_item")?
        .field("body")?
        .child("function_item")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::guardian::judge;
    use crate::method::{StructSpec, Type};

    const LEVEL: &str = "impl Parser {\n    /// The third word of self.\n    pub fn level(&self, line: String) -> String {\n        \
                         let third = line.split_whitespace().nth(2).unwrap_or(\"self\");\n        format!(\"{}{}\", self.prefix, third)\n    }\n}\n";
    const ADD: &str = "impl Parser {\n    pub fn add(&mut self) {\n        self.count += 1;\n        self.mark_changed();\n    }\n}\n";

    fn brought(source: &str) -> Option<String> {
        let others = [("level", LEVEL), ("add", ADD)];
        let others = others.map(|(name, source)| (name.to_owned(), source.to_owned()));
        bring_helpers(source, &others)
    }

    #[test]
    fn a_method_that_only_reads_comes_along() {
        let source = "impl LogParser {\n    pub fn is_bad(&self, line: String) -> bool {\n        \
                      let level = self.level(line);\n        level == \"ERROR\"\n    }\n}\n";
        let whole = brought(source).unwrap();
        assert_eq!(
            whole,
            "impl LogParser {\n    pub fn is_bad(&self, line: String) -> bool {\n        \
             fn own_level(this: &LogParser, line: String) -> String {\n            \
             let third = line.split_whitespace().nth(2).unwrap_or(\"self\");\n            \
             format!(\"{}{}\", this.prefix, third)\n        }\n\n        \
             let level = own_level(self, line);\n        level == \"ERROR\"\n    }\n}\n"
        );
        let structure = StructSpec {
            name: "LogParser".to_owned(),
            slots: vec![("prefix".to_owned(), Type::String)],
        };
        let verdict = judge(&whole, &structure, None);
        assert!(verdict.accepted(), "{:?}", verdict.diagnostics);
    }

    #[test]
    fn what_changes_or_is_no_method_stays() {
        let with = |body: &str| brought(&format!("impl P {{ pub fn f(&mut self) {{ {body} }} }}"));
        assert_eq!(with("self.add();"), None);
        assert_eq!(
            with("self.level; other.level(1); level(2); \"self.level(3)\";"),
            None
        );
        assert_eq!(with("self.level("), None);
        let twice = with("self.level(a) + &self.level(b)").unwrap();
        assert_eq!(
            twice
                .matches("fn own_level(this: &P, line: String)")
                .count(),
            1
        );
        assert!(
            twice.ends_with("own_level(self, a) + &own_level(self, b) } }"),
            "{twice}"
        );
    }
}
