//! Values to `MessagePack`, in the one canonical form (see `value`).

use rmp::encode;

use super::value::{Packed, Value};

/// One NaN for all, as WebAssembly's canonical one.
const NAN_64: u64 = 0x7ff8_0000_0000_0000;
const NAN_32: u32 = 0x7fc0_0000;
/// The extension type of a reference to an object: eight bytes, its number, the highest first.
pub(super) const REFERENCE: i8 = 1;

pub(super) fn write(value: &Value) -> Packed {
    let mut out = Packed::new();
    write_into(&mut out, value);
    out
}

pub(super) fn join_array(items: &[Packed]) -> Packed {
    let mut out = Packed::new();
    written(encode::write_array_len(&mut out, length_of(items.len())));
    out.extend(items.iter().flatten());
    out
}

/// Ordered by packed key; of equal keys the last stays, as when a map is filled in order.
pub(super) fn sorted<T>(items: Vec<T>, key: impl Fn(&T) -> &Value) -> Vec<T> {
    let mut keyed: Vec<(Packed, T)> = items
        .into_iter()
        .map(|item| (write(key(&item)), item))
        .collect();
    keyed.reverse();
    keyed.sort_by(|(a, _), (b, _)| a.cmp(b));
    keyed.dedup_by(|(a, _), (b, _)| a == b);
    keyed.into_iter().map(|(_, item)| item).collect()
}

fn write_into(out: &mut Packed, value: &Value) {
    match value {
        Value::Nothing => written(encode::write_nil(out)),
        Value::Bool(value) => written(encode::write_bool(out, *value)),
        Value::Natural(value) => match u64::try_from(*value) {
            Ok(value) => written(encode::write_uint(out, value)),
            Err(_) => written(encode::write_bin(out, &value.to_be_bytes())),
        },
        Value::Negative(value) => match i64::try_from(*value) {
            Ok(value) => written(encode::write_sint(out, value)),
            Err(_) => written(encode::write_bin(out, &value.to_be_bytes())),
        },
        Value::F32(value) => {
            let bits = if value.is_nan() {
                NAN_32
            } else {
                value.to_bits()
            };
            written(encode::write_f32(out, f32::from_bits(bits)));
        }
        Value::F64(value) => {
            let bits = if value.is_nan() {
                NAN_64
            } else {
                value.to_bits()
            };
            written(encode::write_f64(out, f64::from_bits(bits)));
        }
        Value::Text(text) => written(encode::write_str(out, text)),
        Value::Reference(oid) => {
            written(encode::write_ext_meta(out, 8, REFERENCE));
            out.extend_from_slice(&oid.to_be_bytes());
        }
        Value::Ok(value) => write_variant(out, "Ok", value),
        Value::Err(value) => write_variant(out, "Err", value),
        Value::List(items) => {
            written(encode::write_array_len(out, length_of(items.len())));
            for item in items {
                write_into(out, item);
            }
        }
        Value::Map(pairs) => {
            written(encode::write_map_len(out, length_of(pairs.len())));
            for (key, value) in pairs {
                write_into(out, key);
                write_into(out, value);
            }
        }
    }
}

fn write_variant(out: &mut Packed, name: &str, value: &Value) {
    written(encode::write_map_len(out, 1));
    written(encode::write_str(out, name));
    write_into(out, value);
}

/// Writing into memory cannot fail; this says so once.
#[expect(
    clippy::needless_pass_by_value,
    reason = "takes what there is nothing to do with"
)]
fn written<T, E>(result: Result<T, E>) {
    debug_assert!(result.is_ok(), "writing into memory cannot fail");
}

/// Lists come from memory of the same machine's sandbox (32 bits) or a request of bounded size.
fn length_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
