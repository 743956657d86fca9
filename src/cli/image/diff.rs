//! Differences between two states, as a unified diff with colours where they are wanted.

use similar::{ChangeTag, TextDiff};

use crate::cli::output::plain;
use crate::wire::image::{DiffView, MethodDiffView, ObjectDiffView, TypedValue};

const CONTEXT_LINES: usize = 3;

pub fn text(found: &DiffView, colours: bool) -> String {
    let mut out = Out {
        text: String::new(),
        colours,
    };
    if found.objects.is_empty() && found.facts.is_empty() {
        return "nothing differs\n".to_owned();
    }
    for object in &found.objects {
        out.object(object);
    }
    for fact in &found.facts {
        let key = plain(&fact.key);
        out.line(Style::Head, &format!("fact {key}"));
        out.lines('-', Style::Old, fact.before.as_deref());
        out.lines('+', Style::New, fact.after.as_deref());
    }
    out.text
}

#[derive(Clone, Copy)]
enum Style {
    Head,
    Place,
    Old,
    New,
    Same,
}

impl Style {
    /// As `git diff` has them.
    fn code(self) -> &'static str {
        match self {
            Self::Head => "1",
            Self::Place => "36",
            Self::Old => "31",
            Self::New => "32",
            Self::Same => "",
        }
    }
}

struct Out {
    text: String,
    colours: bool,
}

impl Out {
    fn line(&mut self, style: Style, line: &str) {
        let code = style.code();
        if self.colours && !code.is_empty() {
            self.text.push_str(&format!("\x1b[{code}m{line}\x1b[0m\n"));
        } else {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn lines(&mut self, sign: char, style: Style, text: Option<&str>) {
        for line in text.unwrap_or_default().lines() {
            self.line(style, &format!("{sign}{}", plain(line)));
        }
    }

    fn object(&mut self, object: &ObjectDiffView) {
        let from = object.renamed_from.as_ref();
        let from = from.map(|name| format!(" (was {name})"));
        let head = format!(
            "{} {}{}",
            object.change,
            object.name,
            from.unwrap_or_default()
        );
        self.line(Style::Head, &plain(&head));
        if let Some((before, after)) = &object.parent {
            let parent = |name: &Option<String>| name.as_ref().map(|name| format!("parent {name}"));
            self.lines('-', Style::Old, parent(before).as_deref());
            self.lines('+', Style::New, parent(after).as_deref());
        }
        for slot in &object.slots {
            let value = |value: &Option<TypedValue>| {
                let value = value.as_ref()?;
                let name = &slot.name;
                Some(format!(
                    "{name}: {} = {}",
                    value.rust_type, value.value_json
                ))
            };
            self.lines('-', Style::Old, value(&slot.before).as_deref());
            self.lines('+', Style::New, value(&slot.after).as_deref());
        }
        for method in &object.methods {
            self.method(&object.name, method);
        }
    }

    fn method(&mut self, object: &str, method: &MethodDiffView) {
        let side = |there: bool| {
            if there {
                format!("{object}.{}", method.selector)
            } else {
                "nothing".to_owned()
            }
        };
        self.line(
            Style::Head,
            &format!("--- {}", side(method.before.is_some())),
        );
        self.line(
            Style::Head,
            &format!("+++ {}", side(method.after.is_some())),
        );
        let before = method.before.as_deref().unwrap_or_default();
        let after = method.after.as_deref().unwrap_or_default();
        let changes = TextDiff::from_lines(before, after);
        for hunk in changes
            .unified_diff()
            .context_radius(CONTEXT_LINES)
            .iter_hunks()
        {
            self.line(Style::Place, &hunk.header().to_string());
            for change in hunk.iter_changes() {
                let (sign, style) = match change.tag() {
                    ChangeTag::Delete => ('-', Style::Old),
                    ChangeTag::Insert => ('+', Style::New),
                    ChangeTag::Equal => (' ', Style::Same),
                };
                let line = plain(change.value().trim_end_matches('\n'));
                self.line(style, &format!("{sign}{line}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::image::{FactDiffView, SlotDiffView};

    fn found() -> DiffView {
        let typed = |value: &str| TypedValue {
            rust_type: "f64".into(),
            value_json: value.into(),
        };
        DiffView {
            from: 1,
            to: Some(2),
            objects: vec![ObjectDiffView {
                name: "Account".into(),
                change: "changed".into(),
                renamed_from: None,
                parent: Some((None, Some("Base".into()))),
                slots: vec![SlotDiffView {
                    name: "balance".into(),
                    before: Some(typed("1.0")),
                    after: Some(typed("2.5")),
                }],
                methods: vec![MethodDiffView {
                    selector: "total".into(),
                    before: Some("fn total() {\n    1\n}\n".into()),
                    after: Some("fn total() {\n    2\u{1b}\n}\n".into()),
                }],
            }],
            facts: vec![FactDiffView {
                key: "k".into(),
                before: None,
                after: Some("x".into()),
            }],
        }
    }

    #[test]
    fn a_diff_reads_like_one() {
        insta::assert_snapshot!(text(&found(), false), @r"
        changed Account
        +parent Base
        -balance: f64 = 1.0
        +balance: f64 = 2.5
        --- Account.total
        +++ Account.total
        @@ -1,3 +1,3 @@
         fn total() {
        -    1
        +    2�
         }
        fact k
        +x
        ");
    }

    #[test]
    fn colours_are_only_where_they_are_wanted() {
        let text = text(&found(), true);
        assert!(text.contains("\x1b[31m-balance: f64 = 1.0\x1b[0m"));
        assert!(text.contains("\x1b[32m+balance: f64 = 2.5\x1b[0m"));
    }
}
