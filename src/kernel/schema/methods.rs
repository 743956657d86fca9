//! Which objects see which methods, and whether a method works on an object: whether all slots that it was
//! compiled with are there, with their types.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use crate::image::{ImageError, Method, Oid, Read};

/// A method with the objects that see it.
pub struct Seen {
    pub method: Method,
    pub receivers: Vec<Oid>,
}

/// Methods that objects of the family see and that were compiled with one of these slots, by their owner and
/// selector.
pub fn seen(
    read: &impl Read,
    family: &[Oid],
    slots: &[&str],
) -> Result<BTreeMap<(Oid, String), Seen>, ImageError> {
    let mut known: HashMap<Oid, Rc<Vec<Method>>> = HashMap::new();
    let mut found: BTreeMap<(Oid, String), Seen> = BTreeMap::new();
    for receiver in family {
        let mut selectors: HashSet<String> = HashSet::new();
        let mut walked: HashSet<Oid> = HashSet::new();
        let mut next = Some(*receiver);
        while let Some(owner) = next.filter(|owner| walked.insert(*owner)) {
            let Some(head) = read.head(owner)? else {
                break;
            };
            let methods = if let Some(methods) = known.get(&owner) {
                Rc::clone(methods)
            } else {
                let methods = Rc::new(read.methods(owner)?);
                known.insert(owner, Rc::clone(&methods));
                methods
            };
            for method in methods.iter() {
                let nearest = selectors.insert(method.selector.clone());
                let concerned = method
                    .slots
                    .iter()
                    .any(|(name, _)| slots.contains(&name.as_str()));
                if !nearest || !concerned {
                    continue;
                }
                found
                    .entry((owner, method.selector.clone()))
                    .or_insert_with(|| Seen {
                        method: method.clone(),
                        receivers: Vec::new(),
                    })
                    .receivers
                    .push(*receiver);
            }
            next = head.parent;
        }
    }
    Ok(found)
}

impl Seen {
    /// The objects on which it worked before, when there is one on which it does not work any more.
    pub fn broken(
        &self,
        before: &impl Read,
        now: &impl Read,
    ) -> Result<Option<Vec<Oid>>, ImageError> {
        let mut worked = Vec::new();
        let mut works = true;
        for receiver in &self.receivers {
            if fits(before, *receiver, &self.method.slots)? {
                worked.push(*receiver);
                works &= fits(now, *receiver, &self.method.slots)?;
            }
        }
        Ok((!works).then_some(worked))
    }
}

/// Whether the object has these slots with these types, its own or inherited.
pub fn fits(read: &impl Read, oid: Oid, slots: &[(String, String)]) -> Result<bool, ImageError> {
    for (name, rust_type) in slots {
        let found = read.find_slot(oid, name)?;
        if found.is_none_or(|(_, slot)| slot.rust_type != *rust_type) {
            return Ok(false);
        }
    }
    Ok(true)
}
