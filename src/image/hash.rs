//! The state hash: equal for equal states, whatever way led there.
//!
//! Over objects by name with their parent's name, slots and methods, and over facts; without oids,
//! tids, times, counts and missions. Every part is preceded by its length, so that no two different
//! states read the same.

use std::collections::HashMap;
use std::fmt;

use super::object::{Head, Oid};
use super::{ImageError, Read};

/// A blake3 hash; prints as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateHash([u8; 32]);

impl StateHash {
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for StateHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Reads the whole state and hashes it. The order in which slots were declared does not count.
pub fn state_hash(read: &(impl Read + ?Sized)) -> Result<StateHash, ImageError> {
    let heads = read.heads()?;
    let names: HashMap<Oid, &str> = heads
        .iter()
        .map(|head| (head.oid, head.name.as_str()))
        .collect();
    let mut state = Hasher(blake3::Hasher::new_derive_key(
        "BAT OS living image state 1",
    ));
    state.count(heads.len());
    for head in &heads {
        state.object(head, &names);
        let methods = read.methods(head.oid)?;
        state.count(methods.len());
        for method in methods {
            state.part(method.selector.as_bytes());
            state.part(method.signature.as_bytes());
            state.part(method.source.as_bytes());
            state.part(method.wasm.as_bytes());
        }
    }
    let facts = read.facts("")?;
    state.count(facts.len());
    for (key, value) in facts {
        state.part(key.as_bytes());
        state.part(value.as_bytes());
    }
    Ok(StateHash(*state.0.finalize().as_bytes()))
}

struct Hasher(blake3::Hasher);

impl Hasher {
    fn count(&mut self, count: usize) {
        self.0.update(&(count as u64).to_le_bytes());
    }

    fn part(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    fn object(&mut self, head: &Head, names: &HashMap<Oid, &str>) {
        self.part(head.name.as_bytes());
        // No object has an empty name.
        let parent = head.parent.and_then(|parent| names.get(&parent));
        self.part(parent.map_or(b"".as_slice(), |name| name.as_bytes()));
        let mut slots: Vec<_> = head.slots.iter().collect();
        slots.sort_by(|a, b| a.name.cmp(&b.name));
        self.count(slots.len());
        for slot in slots {
            self.part(slot.name.as_bytes());
            self.part(slot.rust_type.as_bytes());
            self.part(&slot.value);
        }
    }
}
