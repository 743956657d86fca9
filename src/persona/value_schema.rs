//! JSON schemas of the values that a Rust type may have, in the notation of mission documents.

use serde_json::{Value, json};

use crate::method::Type;

/// Elements that a model may write into one collection.
const MOST_ELEMENTS: usize = 12;
const MOST_LETTERS: usize = 120;

/// The schema of a type's values; a `Result` is left to its caller.
pub(super) fn value_schema(ty: &Type) -> Value {
    match ty {
        Type::Unit => json!({"type": "null"}),
        Type::Bool => json!({"type": "boolean"}),
        Type::F32 | Type::F64 => json!({"type": "number"}),
        Type::Char => json!({"type": "string", "minLength": 1, "maxLength": 1}),
        // A reference is an object's name.
        Type::String | Type::Str | Type::ObjectRef => {
            json!({"type": "string", "maxLength": MOST_LETTERS})
        }
        Type::Ref(inner) | Type::Box(inner) => value_schema(inner),
        Type::Option(inner) => json!({"anyOf": [value_schema(inner), {"type": "null"}]}),
        Type::Vec(inner)
        | Type::VecDeque(inner)
        | Type::Slice(inner)
        | Type::HashSet(inner)
        | Type::SharedSet(inner)
        | Type::SharedList(inner)
        | Type::BTreeSet(inner) => {
            json!({"type": "array", "items": value_schema(inner), "maxItems": MOST_ELEMENTS})
        }
        Type::Array(inner, length) => {
            json!({"type": "array", "items": value_schema(inner), "minItems": length, "maxItems": length})
        }
        Type::Tuple(items) => {
            let schemas: Vec<Value> = items.iter().map(value_schema).collect();
            let length = schemas.len();
            json!({"type": "array", "prefixItems": schemas, "items": false, "minItems": length, "maxItems": length})
        }
        Type::HashMap(_, value) | Type::BTreeMap(_, value) => {
            json!({"type": "object", "additionalProperties": value_schema(value)})
        }
        ty if ty.integer_range().is_some() => json!({"type": "integer"}),
        _ => json!({}),
    }
}
