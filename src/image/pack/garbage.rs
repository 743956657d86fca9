//! Objects that nothing leads to: without a name, and found along no parents and references from one that
//! has a name.
//!
//! Missions, facts and tags name objects by their names, if at all; methods send to names. So the named
//! objects are all the roots there are.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::image::view::Leads;
use crate::image::{ImageError, Oid, View};

/// Nothing outside leads into it.
#[derive(Debug, Default)]
pub(in crate::image) struct Garbage(HashSet<Oid>);

impl Garbage {
    pub(in crate::image) fn contains(&self, oid: Oid) -> bool {
        self.0.contains(&oid)
    }
}

#[derive(Default)]
pub(super) struct Unreachable {
    garbage: Arc<Garbage>,
    /// Objects that lead to each other, one way or the other, by number.
    pub parts: Vec<Vec<Oid>>,
}

impl Unreachable {
    pub(super) fn find(view: &View) -> Result<Self, ImageError> {
        let leads = view.leads()?;
        let places: HashMap<Oid, usize> = (0..)
            .zip(&leads)
            .map(|(place, lead)| (lead.oid, place))
            .collect();
        let at = |place: usize| leads.get(place);
        let mut reached = vec![false; leads.len()];
        let mut next: Vec<usize> = (0..)
            .zip(&leads)
            .filter(|(_, lead)| lead.is_named)
            .map(|(place, _)| place)
            .collect();
        while let Some(place) = next.pop() {
            let Some(is_reached) = reached.get_mut(place).filter(|reached| !**reached) else {
                continue;
            };
            *is_reached = true;
            let to = at(place).into_iter().flat_map(|lead| &lead.to);
            next.extend(to.filter_map(|oid| places.get(oid)));
        }
        let mut left: Vec<&Leads> = leads
            .iter()
            .zip(&reached)
            .filter(|(_, reached)| !**reached)
            .map(|(lead, _)| lead)
            .collect();
        left.sort_by_key(|lead| lead.oid);
        Ok(Self::of(&left))
    }

    fn of(left: &[&Leads]) -> Self {
        let garbage = Garbage(left.iter().map(|lead| lead.oid).collect());
        let mut both_ways: HashMap<Oid, Vec<Oid>> = HashMap::new();
        for lead in left {
            for to in lead.to.iter().filter(|to| garbage.contains(**to)) {
                both_ways.entry(lead.oid).or_default().push(*to);
                both_ways.entry(*to).or_default().push(lead.oid);
            }
        }
        let mut parts = Vec::new();
        let mut seen = HashSet::new();
        for lead in left {
            let mut part = Vec::new();
            let mut next = vec![lead.oid];
            while let Some(oid) = next.pop() {
                if seen.insert(oid) {
                    part.push(oid);
                    next.extend(both_ways.get(&oid).into_iter().flatten());
                }
            }
            if !part.is_empty() {
                part.sort_unstable();
                parts.push(part);
            }
        }
        Self {
            garbage: Arc::new(garbage),
            parts,
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.garbage.0.len() as u64
    }

    pub(super) fn garbage(&self) -> Arc<Garbage> {
        Arc::clone(&self.garbage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_hangs_together() {
        let leads: Vec<Leads> = [
            (1, vec![2]),
            (2, vec![1]),
            (3, vec![9]),
            (4, vec![4, 5]),
            (5, vec![]),
        ]
        .into_iter()
        .map(|(oid, to)| Leads {
            oid,
            is_named: false,
            to,
        })
        .collect();
        let found = Unreachable::of(&leads.iter().collect::<Vec<_>>());
        assert_eq!(found.parts, [vec![1, 2], vec![3], vec![4, 5]]);
        assert_eq!(found.len(), 5);
    }
}
