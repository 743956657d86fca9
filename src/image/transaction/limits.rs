//! What names and sizes a transaction takes.

use crate::image::{ImageError, Method};

/// Limit of one slot's value, one fact, one mission's document, and one method's texts together.
pub const MAX_VALUE_BYTES: usize = 16 * 1024 * 1024;
/// Limit of all values of one object's slots together.
pub const MAX_OBJECT_BYTES: usize = 64 * 1024 * 1024;
pub(super) const MAX_NAME_BYTES: usize = 255;
pub(super) const MAX_FACT_KEY_BYTES: usize = 1024;
pub(super) const MAX_AUDIT_BYTES: usize = 64 * 1024;

pub(super) fn check_name(what: &'static str, name: &str, limit: usize) -> Result<(), ImageError> {
    let why = if name.is_empty() {
        "it is empty"
    } else if name.len() > limit {
        "it is too long"
    } else if name.chars().any(char::is_control) {
        "it has control characters"
    } else {
        return Ok(());
    };
    Err(ImageError::BadName {
        what,
        name: name.chars().take(80).collect(),
        why,
    })
}

pub(super) fn check_size(
    what: impl Fn() -> String,
    bytes: usize,
    limit: usize,
) -> Result<(), ImageError> {
    if bytes <= limit {
        return Ok(());
    }
    Err(ImageError::TooLarge {
        what: what(),
        bytes,
        limit,
    })
}

pub(super) fn check_method_size(method: &Method) -> Result<(), ImageError> {
    let what = || format!("method {}", method.selector);
    let texts = method.source.len() + method.checks_json.len() + method.signature.len();
    check_size(what, texts, MAX_VALUE_BYTES)
}
