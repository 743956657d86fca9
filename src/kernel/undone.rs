//! What taking a transaction back came to, in words for people.

use crate::knowledge::{FACTS, name_in};
use crate::wire::image::{DiffView, FactDiffView, MethodDiffView, ObjectDiffView, SlotDiffView};

/// Changes that are told one by one; of more only how many.
const MOST_TOLD: usize = 6;
/// The longest value that is repeated, in characters.
const MOST_SHOWN: usize = 60;

/// `Account.deposit is gone, Account.balance is 0.0 again`.
pub(super) fn told(diff: &DiffView) -> String {
    let mut changes: Vec<String> = diff.objects.iter().flat_map(of_object).collect();
    changes.extend(diff.facts.iter().filter_map(of_fact));
    let more = changes.len().saturating_sub(MOST_TOLD);
    changes.truncate(MOST_TOLD);
    if more > 0 {
        changes.push(format!("and {more} more"));
    }
    if changes.is_empty() {
        return "nothing that an object has".to_owned();
    }
    changes.join(", ")
}

fn of_object(object: &ObjectDiffView) -> Vec<String> {
    let name = &object.name;
    match object.change.as_str() {
        "removed" => return vec![format!("{name} is gone")],
        "added" => return vec![format!("{name} is there again")],
        _ => {}
    }
    let mut changes = Vec::new();
    if let Some(other) = &object.renamed_from {
        changes.push(format!("{other} is called {name} again"));
    }
    match &object.parent {
        Some((_, Some(parent))) => changes.push(format!("{name} is a kind of {parent} again")),
        Some((Some(parent), None)) => changes.push(format!("{name} is no kind of {parent}")),
        _ => {}
    }
    changes.extend(object.methods.iter().map(|method| of_method(name, method)));
    changes.extend(object.slots.iter().map(|slot| of_slot(name, slot)));
    changes
}

fn of_method(object: &str, method: &MethodDiffView) -> String {
    let how = match (&method.before, &method.after) {
        (_, None) => "is gone",
        (None, _) => "is there again",
        _ => "is as it was before",
    };
    format!("{object}.{} {how}", method.selector)
}

fn of_slot(object: &str, slot: &SlotDiffView) -> String {
    let name = format!("{object}.{}", slot.name);
    match (&slot.before, &slot.after) {
        (_, None) => format!("{name} is gone"),
        (_, Some(value)) if is_short(&value.value_json) => {
            format!("{name} is {} again", value.value_json)
        }
        _ => format!("{name} is as it was before"),
    }
}

/// What is forgotten is not repeated.
fn of_fact(fact: &FactDiffView) -> Option<String> {
    let what = match name_in(&fact.key) {
        Some(document) => format!("the document {document}"),
        None if fact.key.starts_with(FACTS) => "what was to be remembered".to_owned(),
        // What the system keeps for itself, such as what once failed.
        None => return None,
    };
    Some(match (&fact.before, &fact.after) {
        (Some(_), Some(_)) => format!("{what} is as it was before"),
        (_, Some(_)) => format!("{what} is known again"),
        (_, None) => format!("{what} is forgotten"),
    })
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= MOST_SHOWN
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::image::TypedValue;

    #[test]
    fn changes_are_told_in_words() {
        let value = |json: &str| {
            Some(TypedValue {
                rust_type: "f64".to_owned(),
                value_json: json.to_owned(),
            })
        };
        let method = |selector: &str, before: Option<&str>, after: Option<&str>| MethodDiffView {
            selector: selector.to_owned(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        let slot = |name: &str, after: &str| SlotDiffView {
            name: name.to_owned(),
            before: value("1.0"),
            after: value(after),
        };
        let account = ObjectDiffView {
            name: "Account".to_owned(),
            change: "changed".to_owned(),
            renamed_from: None,
            parent: None,
            slots: vec![slot("balance", "0.0"), slot("notes", &"9".repeat(90))],
            methods: vec![
                method("pay", Some("fn"), None),
                method("fee", Some("fn"), Some("fn again")),
            ],
        };
        let fact = FactDiffView {
            key: format!("{FACTS}1"),
            before: Some("The rate is 3 percent.".to_owned()),
            after: None,
        };
        let cure = FactDiffView {
            key: "cure/Account/pay".to_owned(),
            before: Some("x".to_owned()),
            after: None,
        };
        let mut diff = DiffView {
            from: 4,
            to: None,
            objects: vec![account],
            facts: vec![cure.clone(), fact],
        };
        assert_eq!(
            told(&diff),
            "Account.pay is gone, Account.fee is as it was before, Account.balance is 0.0 again, \
             Account.notes is as it was before, what was to be remembered is forgotten"
        );
        diff.objects.clear();
        diff.facts = vec![cure];
        assert_eq!(told(&diff), "nothing that an object has");
    }
}
