//! What to tell a model about a refusal: one short instruction for each kind, because a small model follows
//! an instruction better than a compiler's explanation.

use crate::method::StructSpec;

/// An instruction for a compiler error, by its code; `None` where the message says enough.
pub fn instruction(code: &str, message: &str, structure: &StructSpec) -> Option<String> {
    Some(match code {
        "E0599" if message.contains(&format!("::{}`", structure.name)) || message.contains(&format!("`&{}`", structure.name)) => {
            let name = quoted(message)?;
            format!("`self` has no method `{name}`: do it inside this method, or in a nested `fn {name}`")
        }
        "E0425" => {
            let name = quoted(message)?;
            format!("`{name}` does not exist: define it inside this method first")
        }
        "E0609" | "E0560" => {
            let slots: Vec<String> = structure
                .slots
                .iter()
                .map(|(name, ty)| format!("`self.{name}: {}`", ty.in_methods()))
                .collect();
            if slots.is_empty() {
                "`self` has no fields: use only the arguments".to_owned()
            } else {
                format!("`self` has only {}", slots.join(", "))
            }
        }
        "E0308" if message.contains("found `()`") => {
            "an assignment has no value: write each as a statement of its own, and no `;` after the result".to_owned()
        }
        "E0277" | "E0308" if message.contains("{integer}") && message.contains("f64") => {
            "write numbers that are added to an `f64` as floats, like `1.0`".to_owned()
        }
        "E0308" | "E0277" => {
            "both sides must have one type: convert numbers with `as`, take references with `&`, text with `.to_string()`"
                .to_owned()
        }
        "E0382" | "E0505" | "E0507" => "a value was moved: use `.clone()` or a reference".to_owned(),
        "E0499" | "E0502" | "E0506" => {
            "a borrow is still in use: copy what you need into a local variable first".to_owned()
        }
        "E0594" | "E0596" => "declare the variable with `let mut`".to_owned(),
        "E0282" | "E0283" => "write the type of the variable, as in `let x: Vec<i64>`".to_owned(),
        _ => return None,
    })
}

/// An instruction for a method that trapped in a check.
pub fn trap_instruction(message: &str) -> Option<&'static str> {
    if message.contains("with overflow") {
        Some("calculate in `i64`, so that nothing overflows, and convert at the end")
    } else if message.contains("index out of bounds") || message.contains("`None` value") {
        Some("treat the empty case first")
    } else if message.contains("fuel") || message.contains("deadline") {
        Some("the loop does not end")
    } else {
        None
    }
}

/// The first name between backticks.
fn quoted(message: &str) -> Option<&str> {
    message.split('`').nth(1)
}
