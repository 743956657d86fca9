//! How much code a method's WebAssembly has, before anything compiles it.
//!
//! Nothing can stop wasmtime's compiler once it has begun, and its time grows with the code that it reads: so
//! whatever would take it too long is refused unread. Read here are only the sections' frames.

/// The section that holds the functions' bodies.
const CODE: u8 = 10;

/// Bytes of code. `None` when the bytes are no module whose frames can be read.
pub(super) fn code_bytes(wasm: &[u8]) -> Option<usize> {
    let mut rest = wasm.strip_prefix(b"\0asm\x01\0\0\0")?;
    let mut code = 0;
    while let Some((section, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest)?;
        let (_, after) = rest.split_at_checked(length)?;
        rest = after;
        if *section == CODE {
            code += length;
        }
    }
    Some(code)
}

/// An unsigned LEB128 number of at most 32 bits.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0_u64;
    for shift in (0..35).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(number).ok();
        }
    }
    None
}
