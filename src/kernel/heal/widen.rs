//! Arguments of the wrong type: whether the method can be taught to take them as well as all that it takes now.
//!
//! Mostly they are the caller's mistake, and nothing is to be mended: text for a number, too few, too many. Only where a
//! parameter is narrower than it need be (`i64` and 2.5 came, `u8` and 300) is there a type for both.

use serde_json::Value;

use crate::method::{Names, Param, Signature, Type, value_from_json_with};

/// The signature with every parameter as wide as the arguments want it; `None` when there is none.
pub fn widened(signature: &Signature, args: &[Value], names: &dyn Names) -> Option<Signature> {
    if signature.params.len() != args.len() {
        return None;
    }
    let params = signature.params.iter().zip(args);
    let params: Option<Vec<Param>> = params
        .map(|(param, arg)| {
            Some(Param {
                name: param.name.clone(),
                ty: wide(&param.ty, arg, names)?,
            })
        })
        .collect();
    Some(Signature {
        params: params?,
        ..signature.clone()
    })
    .filter(|wide| wide != signature)
}

fn wide(ty: &Type, arg: &Value, names: &dyn Names) -> Option<Type> {
    let takes = |ty: &Type| value_from_json_with(ty, arg, names).is_ok();
    if takes(ty) {
        return Some(ty.clone());
    }
    let candidates: &[Type] = match ty {
        Type::I8
        | Type::I16
        | Type::I32
        | Type::Isize
        | Type::U8
        | Type::U16
        | Type::U32
        | Type::Usize => &[Type::I64, Type::F64],
        Type::I64 | Type::U64 | Type::F32 => &[Type::F64],
        Type::Char => &[Type::String],
        Type::Slice(inner) => return Some(Type::Slice(Box::new(elements(inner, arg, names)?))),
        Type::Vec(inner) | Type::Array(inner, _) => {
            return Some(Type::Vec(Box::new(elements(inner, arg, names)?)));
        }
        Type::Option(inner) => return Some(Type::Option(Box::new(wide(inner, arg, names)?))),
        _ => &[],
    };
    candidates.iter().find(|ty| takes(ty)).cloned()
}

/// One type for what the list's elements are and for what is given.
fn elements(inner: &Type, arg: &Value, names: &dyn Names) -> Option<Type> {
    let items = arg.as_array()?;
    items
        .iter()
        .try_fold(inner.clone(), |ty, item| wide(&ty, item, names))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::method::Numbers;

    fn widened_text(signature: &str, args: &Value) -> Option<String> {
        let signature = Signature::parse(signature).unwrap();
        let args = args.as_array().unwrap();
        widened(&signature, args, &Numbers).map(|wide| wide.to_string())
    }

    #[test]
    fn narrow_parameters_are_widened_and_mistakes_are_not() {
        let add = "fn add(&mut self, n: i64, many: Vec<u8>, sign: Option<char>) -> i64";
        assert_eq!(
            widened_text(add, &json!([2.5, [1, 300], "ab"])).unwrap(),
            "fn add(&mut self, n: f64, many: Vec<i64>, sign: Option<String>) -> i64"
        );
        for mistake in [
            json!(["2", [1], null]),
            json!([1, [1]]),
            json!([1, [1], null, 4]),
            json!([null, [1], null]),
            json!([1, ["x"], null]),
            // Nothing is wrong with these.
            json!([1, [1], "a"]),
        ] {
            assert_eq!(widened_text(add, &mistake), None, "{mistake}");
        }
    }
}
