//! How a method calls others: by sends. What a model writes instead, `self.deposit(…)`, is put right without one.

use super::Callee;
use crate::method::{Signature, Type};

/// The expression that calls `callee` from within a method.
pub fn send_expression(callee: &Callee) -> Option<String> {
    let signature = Signature::parse(&callee.signature).ok()?;
    let arguments: Vec<&str> = signature
        .params
        .iter()
        .map(|param| param.name.as_str())
        .collect();
    let (value, tuple) = (value_of(&signature), tuple(&arguments.join(", ")));
    let selector = &signature.name;
    Some(match &callee.of {
        Some(given) => format!("{given}.send::<{value}>(\"{selector}\", {tuple})?"),
        None => format!(
            "send::<{value}>(\"{}\", \"{selector}\", {tuple})?",
            callee.object
        ),
    })
}

/// Whether the caller has all that the call takes, by the same names and types.
pub fn is_callable(callee: &Callee, caller: &Signature) -> bool {
    Signature::parse(&callee.signature).is_ok_and(|signature| {
        signature
            .params
            .iter()
            .all(|param| caller.params.contains(param))
    })
}

/// Parameters that are objects.
fn given(caller: &Signature) -> impl Iterator<Item = &str> {
    let objects = caller
        .params
        .iter()
        .filter(|param| param.ty == Type::ObjectRef);
    objects.map(|param| param.name.as_str())
}

/// What a send is asked for: what is in the `Ok`, whose `Err` then is the send's.
fn value_of(signature: &Signature) -> String {
    match &signature.returns {
        Type::Result(value, _) => value.to_string(),
        other => other.to_string(),
    }
}

fn tuple(arguments: &str) -> String {
    match arguments.trim().trim_end_matches(',') {
        "" => "()".to_owned(),
        arguments => format!("({arguments},)"),
    }
}

/// The source with calls that cannot be written as sends: of `self`, and of objects that are parameters.
pub fn as_sends(source: &str, callees: &[Callee], caller: &Signature) -> String {
    let mut text = source.to_owned();
    for callee in callees {
        let Ok(signature) = Signature::parse(&callee.signature) else {
            continue;
        };
        let (selector, value) = (&signature.name, value_of(&signature));
        let fails = matches!(signature.returns, Type::Result(..));
        let object = &callee.object;
        // `self.send::<…>("withdraw", …)`: there is no such method.
        for written in [
            format!("self.send(\"{selector}\""),
            format!("self.send::<{value}>(\"{selector}\""),
        ] {
            text = text.replace(
                &written,
                &format!("send::<{value}>(\"{object}\", \"{selector}\""),
            );
        }
        text = call(&text, &format!("self.{selector}("), fails, |arguments| {
            format!(
                "send::<{value}>(\"{object}\", \"{selector}\", {})",
                tuple(arguments)
            )
        });
        for given in given(caller) {
            text = call(&text, &format!("{given}.{selector}("), fails, |arguments| {
                format!(
                    "{given}.send::<{value}>(\"{selector}\", {})",
                    tuple(arguments)
                )
            });
        }
    }
    text
}

/// Each `start … )` as what `send` makes of its arguments; one that was not expected to fail passes its failure on.
fn call(text: &str, start: &str, fails: bool, send: impl Fn(&str) -> String) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(start) {
        let (before, after) = rest.split_at(at);
        let is_word = before
            .chars()
            .next_back()
            .is_some_and(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.');
        let inner = after.get(start.len()..).unwrap_or_default();
        let Some(end) = closing(inner).filter(|_| !is_word) else {
            done.push_str(before);
            done.push_str(start);
            rest = inner;
            continue;
        };
        done.push_str(before);
        done.push_str(&send(inner.get(..end).unwrap_or_default()));
        rest = inner.get(end + 1..).unwrap_or_default();
        if !fails && !rest.starts_with('?') {
            done.push('?');
        }
    }
    done + rest
}

/// Where the parenthesis closes that is open before the text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            // Texts may hold anything: such a call is left alone.
            '"' | ';' => return None,
            _ => {}
        }
    }
    None
}

/// The first of the methods that the source was to call and does not.
pub fn not_called<'a>(source: &str, callees: &'a [Callee]) -> Option<&'a Callee> {
    callees.iter().find(|callee| {
        let selector = Signature::parse(&callee.signature).map(|signature| signature.name);
        selector.is_ok_and(|selector| !source.contains(&format!("\"{selector}\"")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_become_sends() {
        let callee = |signature: &str| Callee {
            object: "Account".to_owned(),
            signature: signature.to_owned(),
            of: None,
        };
        let callees = [
            callee("fn withdraw(&mut self, amount: f64) -> Result<f64, String>"),
            callee("fn deposit(&mut self, amount: f64)"),
        ];
        let transfer = "fn transfer(&self, to: ObjectRef, amount: f64) -> Result<(), String>";
        let Ok(caller) = Signature::parse(transfer) else {
            unreachable!("it is one");
        };
        let sends = |source: &str| as_sends(source, &callees, &caller);
        assert_eq!(
            sends("self.withdraw((amount + 1.0).abs())?;"),
            "send::<f64>(\"Account\", \"withdraw\", ((amount + 1.0).abs(),))?;"
        );
        assert_eq!(
            sends("to.deposit(amount);"),
            "to.send::<()>(\"deposit\", (amount,))?;"
        );
        assert_eq!(
            sends("self.send::<f64>(\"withdraw\", (amount,))?;"),
            "send::<f64>(\"Account\", \"withdraw\", (amount,))?;"
        );
        assert_eq!(
            sends("into.deposit(1); myself.withdraw("),
            "into.deposit(1); myself.withdraw("
        );
        assert!(not_called("send(\"Account\", \"withdraw\")", &callees).is_some());
    }
}
