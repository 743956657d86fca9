//! The mechanical side of a renamed slot: `self.old` becomes `self.new`, also in macros' arguments.

use crate::syntax::{Node, Source};

/// The source with every `self.from` (not a call) as `self.to`; what else names the slot stays, and is the
/// compiler's affair. `None` when the source cannot be read.
pub fn rename_slot(source: &str, from: &str, to: &str) -> Option<String> {
    let tree = Source::parse(source);
    if !tree.problems().is_empty() {
        return None;
    }
    let mut tokens = Vec::new();
    leaves(tree.root()?, &mut tokens);
    let mut renamed = String::with_capacity(source.len());
    let mut done = 0;
    for (index, slot) in tokens.iter().enumerate().skip(2) {
        let before = |back: usize| tokens.get(index - back).map_or("", |token| token.text());
        let called = tokens.get(index + 1).is_some_and(|next| next.text() == "(");
        let own = before(2) == "self" && before(1) == ".";
        if own && !called && slot.name() == from {
            renamed.push_str(source.get(done..slot.start())?);
            renamed.push_str(to);
            done = slot.end();
        }
    }
    renamed.push_str(source.get(done..)?);
    Some(renamed)
}

/// The name after `impl`: which object a method was written for.
pub fn subject(source: &str) -> Option<String> {
    let tree = Source::parse(source);
    let root = tree.root()?;
    let implementation = root.child("impl_item")?;
    let name = implementation.field("type")?;
    (name.kind() == "type_identifier").then(|| name.name().to_owned())
}

/// Tokens in their order. The guardian has bounded how deep a source nests.
pub(super) fn leaves<'s>(node: Node<'s>, tokens: &mut Vec<Node<'s>>) {
    let children = node.children();
    if children.is_empty() {
        tokens.push(node);
    }
    for child in children {
        leaves(child, tokens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slot_is_renamed_wherever_self_has_it() {
        let source = "impl A {
    pub fn f(&mut self) -> String {
        // self.old stays here
        let old = self.old.len() + self . old [0];
        let other = Other { old: 1 };
        self.old = vec![self.old[0], old, other.old, self.older];
        self.mark_changed();
        format!(\"self.old {}\", self.old.iter().map(|x| x + self.old()).sum::<i64>())
    }
}
";
        let renamed = rename_slot(source, "old", "new").unwrap_or_default();
        assert_eq!(
            renamed,
            "impl A {
    pub fn f(&mut self) -> String {
        // self.old stays here
        let old = self.new.len() + self . new [0];
        let other = Other { old: 1 };
        self.new = vec![self.new[0], old, other.old, self.older];
        self.mark_changed();
        format!(\"self.old {}\", self.new.iter().map(|x| x + self.old()).sum::<i64>())
    }
}
"
        );
    }

    #[test]
    fn the_subject_is_the_name_after_impl() {
        let source = "use std::rc::Rc;\nimpl r#Account { pub fn f(&self) { struct B; impl B {} } }";
        assert_eq!(subject(source).as_deref(), Some("Account"));
        assert_eq!(subject("fn f() {}"), None);
        assert_eq!(subject("impl Vec<i64> {}"), None);
    }
}
